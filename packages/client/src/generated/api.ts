// Made from the API's description by `pnpm -C packages/client generate`. Changes are lost.

export interface paths {
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all tenants, oldest first
         * @description Needs the operator key.
         */
        get: operations["listTenants"];
        put?: never;
        /**
         * Create a tenant
         * @description Needs the operator key.
         */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a tenant
         * @description Needs the operator key.
         */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        /**
         * Delete a tenant with everything it has
         * @description Its keys stop working at once; its instances are logged out and wiped by the workers, its webhooks end.
         *
         *     Needs the operator key.
         */
        delete: operations["deleteTenant"];
        options?: never;
        head?: never;
        /**
         * Change the name of a tenant, or which dialects it may use
         * @description Needs the operator key.
         */
        patch: operations["updateTenant"];
        trace?: never;
    };
    "/v1/tenants/{tenant}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a tenant's API keys, without the keys themselves
         * @description Needs the operator key.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description The answer is the only place where the key is ever shown: it is stored hashed.
         *
         *     Needs the operator key.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key at once
         * @description Needs the operator key.
         */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List instances, oldest first
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listInstances"];
        put?: never;
        /**
         * Create an instance
         * @description It stays unconnected until it is asked to connect.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["createInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an instance with its connection state
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getInstance"];
        put?: never;
        post?: never;
        /**
         * Delete an instance
         * @description It disappears at once; a worker then logs it out and wipes its credentials.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        delete: operations["deleteInstance"];
        options?: never;
        head?: never;
        /**
         * Change name, alias, metadata or settings of an instance
         * @description Settings that are given replace those of the same name; the others stay. They take effect with the next connection.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        patch: operations["updateInstance"];
        trace?: never;
    };
    "/v1/instances/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an instance from a Baileys auth folder
         * @description The folder is what `useMultiFileAuthState` of Baileys has written. The number needs no new QR code. Stop the service that has used the folder first, and never start it again: two connections with the same credentials end each other. As JSON, or as a form with the files under their names.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["importInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a Baileys auth folder into an instance that no phone is linked to
         * @description Like `POST /v1/instances/import`. A pairing that is under way ends; an instance that was asked to connect connects.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["importIntoInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect an instance, and keep it connected
         * @description One without a linked phone begins to pair: ask for its QR code or for a pairing code next.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["connectInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the connection and open it again
         * @description Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["restartInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the connection and stay offline
         * @description The phone stays linked; what is sent meanwhile waits for the next connection.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["stopInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlink the phone and wipe the credentials
         * @description Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["logoutInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the QR code to link a phone with
         * @description As JSON, as `image/png`, as `image/svg+xml`, or drawn with characters for a terminal as `text/plain`: say which by `Accept`. WhatsApp replaces the code every 20 to 60 seconds; ask again when it expires.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getQrCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/pairing-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a code to link a phone with, instead of a QR code
         * @description Type it on the phone: Linked devices, Link a device, Link with phone number instead. Connects the instance if it is not connected.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["requestPairingCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a text message
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendText"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a picture
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a video, a GIF or a round video message
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a voice message or a sound file
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendAudio"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/document": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a file
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/sticker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a sticker
         * @description Any picture is converted to WebP of 512×512 pixels. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendSticker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a place
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendLocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send contact cards
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendContacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a poll
         * @description Votes come as `messages.update` events. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendPoll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/event": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event
         * @description Responses come as `messages.update` events. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/album": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send several pictures and videos as one album
         * @description The answer has the id of the album; it is acknowledged when all of its items are. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendAlbum"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/group-invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite somebody into a group
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendGroup-invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a status update
         * @description Only the audience can see it. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send any message that WhatsApp knows
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["sendRaw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * React to a message, or take the reaction back
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageReact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Edit a message of this number
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageEdit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete a message for everyone
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageDelete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/forward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forward a message
         * @description `to` is who gets it. Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageForward"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pin a message in its chat, or take the pin away
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messagePin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vote in a poll
         * @description Answers 202 with the WhatsApp message id as soon as the message is stored. `Prefer: wait=N` holds the answer up to N seconds, until WhatsApp has acknowledged it. `Idempotency-Key` makes repeating the request safe.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageVote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List messages, the newest first
         * @description What was received and sent, within the bounds of the history, with everything that has become of it. With filters a page may have fewer messages than asked for: go on while there is a `nextCursor`.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        /**
         * Drop messages from the history
         * @description All of them, or those of a chat, or from before a time. Nothing is deleted on WhatsApp: phones keep them.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        delete: operations["forgetMessages"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/{message}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a message, and what became of it
         * @description One that was sent is known from the moment it was accepted, one that was received while the history has it.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /**
         * Drop a message from the history
         * @description It is not deleted on WhatsApp, and what became of a sent one can still be asked for.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        delete: operations["forgetMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List chats, the one with the latest message first
         * @description A person whom the number knows by phone number and by LID is one chat. With filters a page may have fewer chats than asked for: go on while there is a `nextCursor`.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listChats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a chat
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getChat"];
        put?: never;
        post?: never;
        /**
         * Delete a chat on the devices of this number
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["chatDelete"];
        options?: never;
        head?: never;
        /**
         * Archive, mute, pin a chat, or mark it as unread
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        patch: operations["chatModify"];
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the messages of a chat, the newest first
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listChatMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List contacts, the one that was heard of last first
         * @description The phone book, and whoever has written. With a search a page may have fewer contacts than asked for: go on while there is a `nextCursor`.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listContacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts/{contact}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a contact
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getContact"];
        /**
         * Save a contact in this number's phone book
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["contactSave"];
        post?: never;
        /**
         * Remove a contact from this number's phone book
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["contactRemove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/lid-mappings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List which phone numbers LIDs belong to, the latest found first
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["listLidMappings"];
        put?: never;
        /**
         * Say which phone number a LID belongs to
         * @description It counts until WhatsApp says something: what was observed beats what was added. Both are kept, and shown if they differ.
         *
         *     Needs the scope `instances:write`: Create, connect, change and delete instances.
         */
        post: operations["addLidMapping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/lid-mappings/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show which phone number a LID belongs to, or which LID a phone number has
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getLidMapping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count a tenant's instances and messages
         * @description Of the instances that there are now, each since it was created.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the messages of an instance
         * @description Since it was created; what the phone tells of earlier times is not counted.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["getInstanceMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store a file
         * @description As a form with one file, as the file itself with its `content-type` (and `content-disposition` for its name), or as JSON that has it as base64 or says where to fetch it. Messages name it by the id in the answer.
         *
         *     Needs the scope `media:write`: Store and delete files.
         */
        post: operations["storeMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{media}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a file
         * @description With `Range`, `If-Range` and `If-None-Match`. `HEAD` tells size and type without the file.
         *
         *     Needs the scope `media:read`: Fetch files, and make links to them.
         */
        get: operations["fetchMedia"];
        put?: never;
        post?: never;
        /**
         * Delete a file
         * @description Messages that wait and name it will fail.
         *
         *     Needs the scope `media:write`: Store and delete files.
         */
        delete: operations["deleteMedia"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{media}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a link to a file that needs no key
         * @description For a browser, or for somebody who has no key. It cannot be taken back, only expire.
         *
         *     Needs the scope `media:read`: Fetch files, and make links to them.
         */
        post: operations["linkMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a file by a link
         * @description What `POST /v1/media/{media}/link` answers leads here.
         *
         *     Needs no key.
         */
        get: operations["fetchLinkedMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Appear online or offline
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["presenceSet"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Show that somebody types or records, or has stopped
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["chatPresence"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/presence/subscription": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask to be told when somebody comes online or types
         * @description What is seen comes as `presence.update` events, until the connection is lost.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["chatSubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark messages as read
         * @description Without `messages`: all that are unread and kept.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["chatRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete all messages of a chat on the devices of this number
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["chatClear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/chats/{chat}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the phone for older messages of a chat
         * @description They come into the message list; `messaging-history.status` tells when.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["chatFetchHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/{message}/star": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Star a message, or take the star away
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["messageStar"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/{message}/delete-for-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete a message on the devices of this number alone
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageDeleteForMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/{message}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch the file of a message again
         * @description If WhatsApp has it no longer, the phone is asked to upload it once more.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["messageFetchMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/messages/{message}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a message as Baileys has it
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["messageRaw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/calls/{call}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject a call that rings
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["callReject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/calls/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link that starts a call
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["callLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find out which numbers are on WhatsApp
         * @description Answers are kept for a day. Asking for many strangers gets numbers banned: at most 50 at a time, and new questions of an instance are limited per hour.
         *
         *     Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["contactsCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts/{contact}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show where the profile picture of a contact or group is
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["contactPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts/{contact}/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a contact says about itself
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["contactAbout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/contacts/{contact}/business": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a business' profile
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["contactBusiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/blocklist/{contact}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Block somebody
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["contactBlock"];
        post?: never;
        /**
         * Unblock somebody
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["contactUnblock"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/blocklist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who is blocked
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["blocklistGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Create or change a label (business accounts)
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["labelSave"];
        post?: never;
        /**
         * Delete a label
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["labelRemove"];
        options?: never;
        head?: never;
        /**
         * Put a label on a chat or a message, or take it off
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        patch: operations["labelAssociate"];
        trace?: never;
    };
    "/v1/instances/{instance}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the groups of this number
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["groupsList"];
        put?: never;
        /**
         * Create a group
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["groupCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a group
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["groupGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a group's subject, description or settings
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        patch: operations["groupUpdate"];
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add or remove members, make them admins or not
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["groupParticipants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a group
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["groupLeave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a group's picture
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["groupPicture"];
        post?: never;
        /**
         * Remove a group's picture
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["groupRemovePicture"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the invite link
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        get: operations["groupInvite"];
        put?: never;
        post?: never;
        /**
         * Make the invite link useless; the answer has the new one
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["groupRevokeInvite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/group-invites/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the group that an invite link leads to
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["groupInviteInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join a group by its invite link
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["groupJoin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/groups/{group}/join-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who asks to join
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["groupJoinRequests"];
        put?: never;
        /**
         * Approve or reject who asks to join
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        post: operations["groupAnswerJoinRequests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show this number's profile
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["profileGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/profile/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the name that others see
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["profileName"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/profile/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change what this number says about itself
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["profileAbout"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/profile/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the profile picture
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["profilePicture"];
        post?: never;
        /**
         * Remove the profile picture
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["profileRemovePicture"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the privacy settings
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["privacyGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change privacy settings
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        patch: operations["privacySet"];
        trace?: never;
    };
    "/v1/instances/{instance}/restrictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show whether WhatsApp restricts this number
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["accountRestrictions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/newsletters/{newsletter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a channel
         * @description Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["newsletterGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{instance}/newsletters/{newsletter}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Follow a channel
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        put: operations["newsletterFollow"];
        post?: never;
        /**
         * Follow a channel no more
         * @description Needs the scope `messages:send`: Send messages, and do what else the number can: groups, chats, contacts, profile, calls.
         */
        delete: operations["newsletterUnfollow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks, oldest first
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Events are posted to its URL from now on, signed as Standard Webhooks describes, and written as `format` says. The answer is the only place where the signing secret is ever shown.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook with everything that waits for it
         * @description Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook, or switch it on or off
         * @description What is given replaces what was; the rest stays. Switching on goes on with what waited; another format is that of what waits, too.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhook}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new signing secret
         * @description For a day deliveries are signed with the old secret too, so that nothing is refused meanwhile. Up to ten secrets may be valid at once.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a test event now
         * @description A signed event of the type `webhook.test`, with `data` naming the webhook, is posted once, in the native format and also to a webhook that is switched off. The answer says what the receiver did within 15 s.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries of all webhooks with their attempts, the latest first
         * @description A page that filters leave much out of may have fewer entries than `limit`, or none: it is the last one if it has no `nextCursor`.
         *
         *     Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["listAllDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries with their attempts, the latest first
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a delivery with its attempts and its event
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/deliveries/{delivery}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver an event again
         * @description Whatever became of it before, also if this webhook has never had it, as long as the event is kept. It goes beside the live traffic, which neither waits nor changes its order, with its own id and the header `flotilla-replay: resend`. One that is under way is left alone.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how a webhook is doing: success rate, durations, lag, what waits
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["getWebhookStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events of the past again
         * @description All that the webhook is subscribed to from `from` to `to`, or what it missed `since` a moment; to itself, or to another webhook. Events keep their id, their sequence and their body, and say `flotilla-replay` in a header. They come in order for each instance, beside the live traffic, which neither waits for them nor changes its order. What was asked for and is not kept any more is named in `truncated`.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["createReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List replays, the latest first
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["listReplays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{replay}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how far a replay is
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{replay}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a replay
         * @description What was sent is sent; what is being sent may still arrive. One that has ended stays as it is.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["cancelReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events that could not be delivered, the latest first
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{deadLetter}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver a dead letter again
         * @description It keeps its event id, so that a receiver that has seen it can tell. Asking again while it waits changes nothing.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["redriveDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{deadLetter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a dead letter with its attempts and its event
         * @description Needs the scope `webhooks:read`: See webhooks, deliveries and dead letters.
         */
        get: operations["getDeadLetter"];
        put?: never;
        post?: never;
        /**
         * Delete a dead letter for good
         * @description Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        delete: operations["deleteDeadLetter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver dead letters of a webhook again
         * @description Those that fit, the earliest of each instance first: they keep their order among themselves, behind what waits already.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete dead letters of a webhook for good
         * @description Those that fit. Their deliveries stay listed for a while.
         *
         *     Needs the scope `webhooks:write`: Create, change and delete webhooks; send events again; redrive and delete dead letters.
         */
        post: operations["purgeDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for one event stream
         * @description For browsers, which can send no header with an `EventSource` or a `WebSocket`. Your server asks for it and hands it to the page, which puts it into the query. It is good for one stream that begins within a minute; the stream ends when the key that asked for it is revoked.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        post: operations["createEventTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events as they happen
         * @description Server-sent events, or a WebSocket if the request asks for one (each message is a `StreamMessage`). The `id` of each event, or `cursor`, is where to go on: whoever connects again with the last one, through any gateway, misses nothing that is kept and gets nothing twice.
         *
         *     Needs the scope `instances:read`: See instances, QR codes, messages, chats, contacts, groups and events.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process runs
         * @description Needs no key.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests should be sent here
         * @description Needs no key.
         */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Measurements for Prometheus
         * @description Needs no key.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "connection.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The connection changed state
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onConnectionUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "qrcode.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * There is a new QR code to scan
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onQrcodeUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messages.upsert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A message came in, or was sent from another device of this number. The same id again: it takes the place of one that was `unreadable`
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagesUpsert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messages.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something became of a message: acknowledged, delivered, read, played, failed; edited, deleted, pinned, starred; a vote or a response came
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagesUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messages.reaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody reacted to a message, or took it back
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagesReaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messages.delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Messages were deleted for this number alone, on one of its devices
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagesDelete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messages.media-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The file of a message was stored, or could not be fetched
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagesMediaUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message-receipt.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody in a group, or of the audience of a status, got or saw messages
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessageReceiptUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "messaging-history.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A part of the history that the phone sends after pairing, or on request, has been stored
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onMessagingHistoryStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "presence.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody came online, went, types or records. Only while connected, of chats that were subscribed to
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onPresenceUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "chats.upsert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chats that are new here
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onChatsUpsert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "chats.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chats were archived, pinned, muted, read… on one of the devices
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onChatsUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "chats.delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chats were deleted
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onChatsDelete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contacts.upsert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Contacts that are new here
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onContactsUpsert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "contacts.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Contacts changed their name, or their picture (`picture`: `changed` or `removed`)
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onContactsUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "lid-mapping.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * It became known which phone number a LID belongs to
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onLidMappingUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "blocklist.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody was blocked or unblocked on one of the devices
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onBlocklistUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    call: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody calls, or a call has ended
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "labels.edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A label was created, changed or deleted
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onLabelsEdit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "labels.association": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A label was put on a chat or message, or taken off
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onLabelsAssociation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "account.restriction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * WhatsApp restricts the number, or warns: messages to strangers fail with code 463
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onAccountRestriction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "groups.upsert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Groups that this number is in now
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onGroupsUpsert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "groups.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A group changed its subject, description, settings or invite code
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onGroupsUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group-participants.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Members were added, removed, made admins or not
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onGroupParticipantsUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "group.join-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody asks to join a group that admins approve
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onGroupJoinRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "newsletter.update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Something happened in a channel that this number follows
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onNewsletterUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.failing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A webhook fails. Told once, until it has recovered
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onWebhookFailing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.recovered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A webhook that was failing takes events again
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onWebhookRecovered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.disabled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A webhook was switched off: it answered 410, or failed for days
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onWebhookDisabled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.dead-letter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An event was given up. Told at most once an hour for each webhook; the list has them all
         * @description Posted to endpoints that asked for it.
         */
        post: operations["onWebhookDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        ApiKey: {
            id: string;
            name: string;
            scopes: ("instances:read" | "instances:write" | "messages:send" | "media:read" | "media:write" | "webhooks:read" | "webhooks:write")[];
            /** @description Unix ms */
            createdAt: number;
            /** @description Unix ms */
            expiresAt?: number;
        };
        Chat: {
            jid: string;
            name?: string;
            /** @description Digits only, if known */
            phone?: string;
            lid?: string;
            isGroup?: boolean;
            /** @description -1: marked as unread */
            unread?: number;
            archived?: boolean;
            /** @description Unix ms; 0: not pinned */
            pinnedAt?: number;
            /** @description Unix ms; 0: not muted; -1: for ever */
            mutedUntil?: number;
            ephemeralSeconds?: number;
            readOnly?: boolean;
            /** @description Unix ms */
            lastMessageAt?: number;
            lastMessage?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description JID of the chat; `status@broadcast` for a status update */
                chat: string;
                fromMe: boolean;
                sender: {
                    /** @description As WhatsApp addressed it */
                    jid: string;
                    /** @description Digits only, if known */
                    phone?: string;
                    /** @description If known */
                    lid?: string;
                    /** @description The name that they gave themselves */
                    pushName?: string;
                };
                /** @description Unix ms, by WhatsApp's clock */
                timestamp: number;
                /**
                 * @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire
                 * @enum {unknown}
                 */
                kind: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                /** @description Baileys' name of the content, such as `imageMessage` */
                type?: string;
                /** @description The text, or the caption of a file */
                text?: string;
                /** @description The caption alone */
                caption?: string;
                /** @description Id of the message that this one answers */
                quotedId?: string;
                quoted?: {
                    id: string;
                    /** @description JID */
                    sender?: string;
                    kind?: string;
                    text?: string;
                };
                mentions?: string[];
                mentionsAll?: boolean;
                /** @description How often it has been forwarded */
                forwarded?: number;
                /** @description Seconds after which it disappears */
                expiration?: number;
                viewOnce?: boolean;
                /** @description Id of the album that it belongs to */
                albumId?: string;
                media?: {
                    /** @description Its id under `/v1/media`, once `status` is `stored` */
                    id?: string;
                    /**
                     * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                     * @enum {unknown}
                     */
                    status: "pending" | "stored" | "failed" | "skipped";
                    /** @description Why it could not be fetched */
                    error?: string;
                    mimeType?: string;
                    fileName?: string;
                    /** @description Bytes */
                    size?: number;
                    /** @description Of the file, as hex */
                    sha256?: string;
                    seconds?: number;
                    width?: number;
                    height?: number;
                    animated?: boolean;
                    gif?: boolean;
                    waveform?: number[];
                };
                location?: {
                    latitude: number;
                    longitude: number;
                    name?: string;
                    address?: string;
                };
                contacts?: {
                    name: string;
                    phones: string[];
                    vcard: string;
                }[];
                poll?: {
                    name: string;
                    options: string[];
                    /** @description How many options one may choose; 0 for any number */
                    selectable: number;
                };
                event?: {
                    name: string;
                    description?: string;
                    /** @description Unix ms */
                    startsAt?: number;
                    /** @description Unix ms */
                    endsAt?: number;
                    location?: {
                        latitude: number;
                        longitude: number;
                        name?: string;
                        address?: string;
                    };
                    callLink?: string;
                    cancelled?: boolean;
                };
                reply?: {
                    /** @description Id of the button or entry */
                    id?: string;
                    text?: string;
                };
                /** @description The whole message as Baileys has it, if the instance is set to `rawMessages` */
                raw?: {
                    [key: string]: unknown;
                };
            };
        };
        Contact: {
            jid: string;
            /** @description Digits only, if known */
            phone?: string;
            lid?: string;
            /** @description As this number's phone book has it */
            name?: string;
            /** @description As they call themselves */
            pushName?: string;
            /** @description Of a business */
            verifiedName?: string;
            about?: string;
            /** @enum {unknown} */
            picture?: "changed" | "removed";
        };
        CreatedApiKey: {
            id: string;
            name: string;
            scopes: ("instances:read" | "instances:write" | "messages:send" | "media:read" | "media:write" | "webhooks:read" | "webhooks:write")[];
            /** @description Unix ms */
            createdAt: number;
            /** @description Unix ms */
            expiresAt?: number;
            key: string;
        };
        CreatedWebhook: {
            id: string;
            url: string;
            events: string[];
            instances: string[];
            /**
             * @description `native`: The event as this API describes it. `luna`: The four events of luna-whatsapp-service, with messages as Baileys has them. `multi-instance`: The five events of whatsapp-multi-instance-api. `qr-service`: The notifications of whatsapp-qr-service, posted to its two paths below the URL. `wwebjs`: The two events of whatsapp-service, with messages as whatsapp-web.js has them
             * @enum {unknown}
             */
            format: "native" | "luna" | "multi-instance" | "qr-service" | "wwebjs";
            description: string;
            /** @description Names, with the last characters of the values */
            headers: {
                [key: string]: string;
            };
            /**
             * @description `ordered`: an event is tried when its predecessor of the same instance is delivered or given up. `unordered`: events do not wait for each other
             * @enum {unknown}
             */
            ordering: "ordered" | "unordered";
            /** @description The most requests under way at once; the operator may allow less */
            concurrency?: number;
            /**
             * @description `gzip`: bodies are sent with content-encoding gzip
             * @enum {unknown}
             */
            compress: "none" | "gzip";
            enabled: boolean;
            /** @description Why we disabled it, such as an answer of 410 */
            disabledReason?: string;
            /** @description Unix ms */
            createdAt: number;
            /** @description Signs every delivery (Standard Webhooks); shown only now */
            secret: string;
        };
        DeadLetter: {
            /** @description Webhook and event: what redrive takes */
            id: string;
            webhook: string;
            eventId: string;
            instance: string;
            type: string;
            sequence: number;
            /** @description Unix ms at which we gave up */
            deadAt: number;
            attempts: {
                /** @description Unix ms */
                at: number;
                /** @description How long it took */
                ms: number;
                /** @description HTTP status, if there was an answer */
                status?: number;
                /** @description `timeout`, `connect`, `address-refused`, `status` */
                error?: string;
                /** @description The address that was dialled */
                address?: string;
                /** @description The beginning of the answer */
                response?: string;
            }[];
        };
        DeadLetterDetail: {
            /** @description Webhook and event: what redrive takes */
            id: string;
            webhook: string;
            eventId: string;
            instance: string;
            type: string;
            sequence: number;
            /** @description Unix ms at which we gave up */
            deadAt: number;
            attempts: {
                /** @description Unix ms */
                at: number;
                /** @description How long it took */
                ms: number;
                /** @description HTTP status, if there was an answer */
                status?: number;
                /** @description `timeout`, `connect`, `address-refused`, `status` */
                error?: string;
                /** @description The address that was dialled */
                address?: string;
                /** @description The beginning of the answer */
                response?: string;
            }[];
            event: components["schemas"]["Event"];
        };
        Event: {
            id: string;
            /** @enum {unknown} */
            type: "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
            instance: string;
            sequence: number;
            /** @description Unix ms */
            occurredAt: number;
            data: {
                [key: string]: unknown;
            };
        };
        Delivery: {
            /** @description The event's id: what the header webhook-id says */
            id: string;
            webhook: string;
            instance: string;
            type: string;
            sequence: number;
            /** @enum {unknown} */
            state: "pending" | "delivered" | "retrying" | "dead";
            /** @description Unix ms */
            nextAttemptAt?: number;
            /** @description The replay that sent it again, or `resend`; absent when it was sent as it happened */
            via?: string;
            attempts: {
                /** @description Unix ms */
                at: number;
                /** @description How long it took */
                ms: number;
                /** @description HTTP status, if there was an answer */
                status?: number;
                /** @description `timeout`, `connect`, `address-refused`, `status` */
                error?: string;
                /** @description The address that was dialled */
                address?: string;
                /** @description The beginning of the answer */
                response?: string;
            }[];
        };
        /** @description `event` is absent if the log does not keep it any more */
        DeliveryDetail: {
            /** @description The event's id: what the header webhook-id says */
            id: string;
            webhook: string;
            instance: string;
            type: string;
            sequence: number;
            /** @enum {unknown} */
            state: "pending" | "delivered" | "retrying" | "dead";
            /** @description Unix ms */
            nextAttemptAt?: number;
            /** @description The replay that sent it again, or `resend`; absent when it was sent as it happened */
            via?: string;
            attempts: {
                /** @description Unix ms */
                at: number;
                /** @description How long it took */
                ms: number;
                /** @description HTTP status, if there was an answer */
                status?: number;
                /** @description `timeout`, `connect`, `address-refused`, `status` */
                error?: string;
                /** @description The address that was dialled */
                address?: string;
                /** @description The beginning of the answer */
                response?: string;
            }[];
            event?: components["schemas"]["Event"];
        };
        Error: {
            statusCode: number;
            /**
             * @description Stays the same; decide by this
             * @enum {unknown}
             */
            code: "VALIDATION" | "MALFORMED_JSON" | "BAD_RECIPIENT" | "BAD_WEBHOOK_URL" | "BAD_WEBHOOK_HEADER" | "BAD_WEBHOOK_SECRET" | "BAD_CURSOR" | "KEY_MISSING" | "KEY_INVALID" | "TICKET_INVALID" | "LINK_INVALID" | "SCOPE_MISSING" | "OPERATOR_ONLY" | "TENANT_KEY_NEEDED" | "ROUTE_NOT_FOUND" | "TENANT_NOT_FOUND" | "API_KEY_NOT_FOUND" | "INSTANCE_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "CHAT_NOT_FOUND" | "CONTACT_NOT_FOUND" | "LID_MAPPING_NOT_FOUND" | "WEBHOOK_NOT_FOUND" | "DELIVERY_NOT_FOUND" | "REPLAY_NOT_FOUND" | "DEAD_LETTER_NOT_FOUND" | "MEDIA_NOT_FOUND" | "QR_NOT_READY" | "INSTANCE_NOT_PAIRED" | "INSTANCE_NOT_CONNECTED" | "TOO_MANY_SECRETS" | "WEBHOOK_DISABLED" | "REPLAY_RUNNING" | "TOO_MANY_WEBHOOKS" | "ALIAS_TAKEN" | "ALREADY_PAIRED" | "DEVICE_IN_USE" | "EVENTS_LOST" | "EVENT_NOT_KEPT" | "MEDIA_QUOTA_EXCEEDED" | "MEDIA_TOO_LARGE" | "PAYLOAD_TOO_LARGE" | "RANGE_NOT_SATISFIABLE" | "MEDIA_SOURCE_FAILED" | "UNSUPPORTED_MEDIA_TYPE" | "IDEMPOTENCY_KEY_REUSED" | "ANSWER_TOO_LARGE" | "AUTH_FOLDER_REFUSED" | "REFUSED_BY_WHATSAPP" | "CHECK_BUDGET_SPENT" | "TOO_MANY_REQUESTS" | "TOO_MANY_STREAMS" | "INTERNAL" | "STORE_UNAVAILABLE" | "OUTCOME_UNKNOWN" | "REQUEST_TIMEOUT" | "IMPORT_TIMEOUT" | "PAIRING_CODE_TIMEOUT";
            /** @description The status' name */
            error: string;
            /** @description For people; may change */
            message: string;
        };
        EventGap: {
            instance: string;
            /** @description Sequence of the first event that is missing */
            from: number;
            /** @description Sequence of the last one */
            to: number;
        };
        EventTicket: {
            /** @description For the query of one `GET /v1/events`: `?ticket=…` */
            ticket: string;
            /** @description Unix ms. A stream that has begun may last longer */
            expiresAt: number;
        };
        Forgotten: {
            /** @description How many were dropped */
            messages: number;
        };
        Group: {
            jid: string;
            subject: string;
            description?: string;
            owner?: {
                /** @description As WhatsApp addressed it */
                jid: string;
                /** @description Digits only, if known */
                phone?: string;
                /** @description If known */
                lid?: string;
                /** @description The name that they gave themselves */
                pushName?: string;
            };
            /** @description Unix ms */
            createdAt?: number;
            /** @description How many members */
            size?: number;
            participants: {
                /** @description As WhatsApp addressed it */
                jid: string;
                /** @description Digits only, if known */
                phone?: string;
                /** @description If known */
                lid?: string;
                /** @description The name that they gave themselves */
                pushName?: string;
                /** @enum {unknown} */
                role: "member" | "admin" | "superadmin";
            }[];
            /** @description Only admins may write */
            announcement: boolean;
            /** @description Only admins may change subject, description and picture */
            locked: boolean;
            /** @description Messages disappear after so many seconds */
            ephemeralSeconds?: number;
            /** @description Every member may add others */
            membersAdd?: boolean;
            /** @description Admins approve who joins */
            joinApproval?: boolean;
            /** @description JID of the community that it belongs to */
            community?: string;
            isCommunity?: boolean;
            /** @enum {unknown} */
            addressing?: "pn" | "lid";
        };
        Instance: {
            id: string;
            name: string;
            alias?: string;
            /** @description Whatever you want to find with it: up to 50 texts of up to 500 characters */
            metadata?: {
                [key: string]: string;
            };
            /** @description Unix ms */
            createdAt: number;
            /** @description A phone is linked: messages are accepted, also while it is offline */
            paired: boolean;
            status: components["schemas"]["InstanceStatus"];
            settings: {
                /** @description Ask the phone for its whole history when pairing. Default false: it costs much memory */
                syncFullHistory?: boolean;
                /** @description Appear online while connected (the phone then gets no notifications). Default false */
                markOnline?: boolean;
                /** @description How many unknown numbers may be looked for on WhatsApp within an hour. Default 300 */
                checksPerHour?: number;
                /** @description Pacing that protects the number. Default: not limited */
                sendsPerMinute?: number;
                /** @description Add `raw` to messages: all that Baileys has of them. Default false */
                rawMessages?: boolean;
                /** @description Tell messages that the API has sent as `messages.upsert`, too, once WhatsApp's server has them. Default false */
                emitSentMessages?: boolean;
                /** @description Fetch the files of messages that come in, at once. Default true */
                downloadMedia?: boolean;
                /** @description No events of groups and no history of them */
                ignoreGroups?: boolean;
                /** @description The same for status updates */
                ignoreStatus?: boolean;
                /** @description The same for newsletters (channels) */
                ignoreNewsletters?: boolean;
                /** @description Reject every call that comes in */
                rejectCalls?: boolean;
                /** @description Send a read receipt for every message as soon as its event is stored */
                readMessages?: boolean;
            };
            /** @description The worker that holds the lease now */
            worker?: string;
            /** @description Fencing token: rises each time the instance changes hands */
            epoch?: number;
        };
        InstanceStatus: {
            /**
             * @description `new`: Created; never asked to connect. `waiting`: Asked to connect; no worker has taken it yet. `connecting`: A worker is opening the socket and logging in. `pairing`: Waits for a phone to scan the QR code or enter the pairing code. `open`: Logged in: messages go out and come in. `backing-off`: The socket was lost; the worker waits before it tries again. `closed`: Not connected and not trying; `reason` says why
             * @enum {unknown}
             */
            state: "new" | "waiting" | "connecting" | "pairing" | "open" | "backing-off" | "closed";
            /** @enum {unknown} */
            reason?: "logged-out" | "refused" | "banned" | "replaced" | "pairing-timeout" | "stopped";
            /** @description WhatsApp's close code, if one was given */
            code?: number;
            /** @description Unix ms at which this state began */
            since: number;
            /** @description Which try in a row this is */
            attempt?: number;
            /** @description Unix ms of the next try, or of the end of a ban */
            retryAt?: number;
            /** @description The linked device, as phone number JID */
            jid?: string;
            /** @description The linked device, as LID */
            lid?: string;
            /** @description The linked phone number, digits only */
            phone?: string;
            pushName?: string;
        };
        InstanceMetrics: {
            instance: string;
            /** @enum {unknown} */
            state: "new" | "waiting" | "connecting" | "pairing" | "open" | "backing-off" | "closed";
            /** @description What the history holds now; a chat that is known by two addresses counts twice */
            stored: {
                messages: number;
                chats: number;
                contacts: number;
            };
            messages: {
                in: {
                    total: number;
                    /** @description By kind; kinds without any are left out */
                    kinds: {
                        [key: string]: number;
                    };
                };
                out: {
                    total: number;
                    /** @description By kind; kinds without any are left out */
                    kinds: {
                        [key: string]: number;
                    };
                };
                /** @description How many of the sent messages have reached each status; one that skips a status does not count there */
                statuses: {
                    [key: string]: number;
                };
                last24Hours: {
                    in: number;
                    out: number;
                    /** @description By full hours, the present one last */
                    hours: {
                        /** @description Unix ms */
                        at: number;
                        in: number;
                        out: number;
                    }[];
                };
                latest: {
                    /** @description When the last message came (Unix ms) */
                    in?: number;
                    /** @description When the last one was sent (Unix ms) */
                    out?: number;
                };
            };
        };
        LidMapping: {
            lid: string;
            /** @description Digits only */
            phone: string;
            /**
             * @description Seen on WhatsApp, or added by the API
             * @enum {unknown}
             */
            source: "observed" | "manual";
            /** @description Unix ms */
            at: number;
            /** @description What the other source says, if it differs: observed beats manual */
            other?: {
                phone: string;
                /** @enum {unknown} */
                source: "observed" | "manual";
                at: number;
            };
        };
        LinkMedia: {
            /**
             * @description How long the link is good for. Default 3600
             * @default 3600
             */
            seconds: number;
        };
        Media: {
            /**
             * @description What messages name it by
             * @example med_7k2v9q0c4n8x1b5m3h6t
             */
            id: string;
            /** @description The instance that received it */
            instance?: string;
            mimeType: string;
            fileName?: string;
            /** @description Bytes */
            size: number;
            /** @description Of the content, as hex */
            sha256: string;
            /** @description Unix ms */
            createdAt: number;
            /** @description Unix ms; absent if it is kept until it is deleted */
            expiresAt?: number;
        };
        MediaLink: {
            /** @description Whoever has it can fetch the file, without a key */
            url: string;
            /** @description Unix ms */
            expiresAt: number;
        };
        MessageDetails: {
            messageId: string;
            instance: string;
            /** @description What it was sent with, if it was sent by the API */
            command?: string;
            /** @description The recipient as JID, if it was sent */
            to?: string;
            /**
             * @description `queued`: Accepted and stored; waits for its turn. `sending`: Handed to WhatsApp; the server has not acknowledged it yet. `acked`: WhatsApp's server has it. `delivered`: It is on the recipient's phone. `read`: The recipient has seen it. `played`: The recipient has played it. `failed`: It will not be sent; `error` says why
             * @enum {unknown}
             */
            status?: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
            error?: {
                /**
                 * @description `expired`: It could not be sent before its ttl ran out. `not-on-whatsapp`: The phone number is not on WhatsApp. `refused`: WhatsApp refused it; `whatsappCode` is its number for why. `undeliverable`: WhatsApp, or its media servers, did not take it in several tries. `logged-out`: The phone is no longer linked to the instance. `removed`: The instance was removed. `message-not-found`: The message that it is about is not kept, and the body does not say enough of it. `unsupported-message`: The message that it is about does not allow this. `invalid-content`: WhatsApp has no such message. `media-unavailable`: The file could not be fetched, or is not stored any more. `media-too-large`: The file is larger than allowed. `unsupported-media`: The file cannot be read or converted
                 * @enum {unknown}
                 */
                code: "expired" | "not-on-whatsapp" | "refused" | "undeliverable" | "logged-out" | "removed" | "message-not-found" | "unsupported-message" | "invalid-content" | "media-unavailable" | "media-too-large" | "unsupported-media";
                message: string;
                /** @description WhatsApp's number for it, such as 463 */
                whatsappCode?: number;
            };
            history?: {
                /**
                 * @description `queued`: Accepted and stored; waits for its turn. `sending`: Handed to WhatsApp; the server has not acknowledged it yet. `acked`: WhatsApp's server has it. `delivered`: It is on the recipient's phone. `read`: The recipient has seen it. `played`: The recipient has played it. `failed`: It will not be sent; `error` says why
                 * @enum {unknown}
                 */
                status: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
                /** @description Unix ms */
                at: number;
            }[];
            message?: components["schemas"]["StoredMessage"];
        };
        StoredMessage: {
            /** @description The message's id on WhatsApp */
            id: string;
            /** @description JID of the chat; `status@broadcast` for a status update */
            chat: string;
            fromMe: boolean;
            sender: {
                /** @description As WhatsApp addressed it */
                jid: string;
                /** @description Digits only, if known */
                phone?: string;
                /** @description If known */
                lid?: string;
                /** @description The name that they gave themselves */
                pushName?: string;
            };
            /** @description Unix ms, by WhatsApp's clock */
            timestamp: number;
            /**
             * @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire
             * @enum {unknown}
             */
            kind: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
            /** @description Baileys' name of the content, such as `imageMessage` */
            type?: string;
            /** @description The text, or the caption of a file */
            text?: string;
            /** @description The caption alone */
            caption?: string;
            /** @description Id of the message that this one answers */
            quotedId?: string;
            quoted?: {
                id: string;
                /** @description JID */
                sender?: string;
                kind?: string;
                text?: string;
            };
            mentions?: string[];
            mentionsAll?: boolean;
            /** @description How often it has been forwarded */
            forwarded?: number;
            /** @description Seconds after which it disappears */
            expiration?: number;
            viewOnce?: boolean;
            /** @description Id of the album that it belongs to */
            albumId?: string;
            media?: {
                /** @description Its id under `/v1/media`, once `status` is `stored` */
                id?: string;
                /**
                 * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                 * @enum {unknown}
                 */
                status: "pending" | "stored" | "failed" | "skipped";
                /** @description Why it could not be fetched */
                error?: string;
                mimeType?: string;
                fileName?: string;
                /** @description Bytes */
                size?: number;
                /** @description Of the file, as hex */
                sha256?: string;
                seconds?: number;
                width?: number;
                height?: number;
                animated?: boolean;
                gif?: boolean;
                waveform?: number[];
            };
            location?: {
                latitude: number;
                longitude: number;
                name?: string;
                address?: string;
            };
            contacts?: {
                name: string;
                phones: string[];
                vcard: string;
            }[];
            poll?: {
                name: string;
                options: string[];
                /** @description How many options one may choose; 0 for any number */
                selectable: number;
            };
            event?: {
                name: string;
                description?: string;
                /** @description Unix ms */
                startsAt?: number;
                /** @description Unix ms */
                endsAt?: number;
                location?: {
                    latitude: number;
                    longitude: number;
                    name?: string;
                    address?: string;
                };
                callLink?: string;
                cancelled?: boolean;
            };
            reply?: {
                /** @description Id of the button or entry */
                id?: string;
                text?: string;
            };
            /** @description The whole message as Baileys has it, if the instance is set to `rawMessages` */
            raw?: {
                [key: string]: unknown;
            };
            /** @enum {unknown} */
            direction: "in" | "out";
            /** @enum {unknown} */
            status?: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
            error?: {
                /**
                 * @description `expired`: It could not be sent before its ttl ran out. `not-on-whatsapp`: The phone number is not on WhatsApp. `refused`: WhatsApp refused it; `whatsappCode` is its number for why. `undeliverable`: WhatsApp, or its media servers, did not take it in several tries. `logged-out`: The phone is no longer linked to the instance. `removed`: The instance was removed. `message-not-found`: The message that it is about is not kept, and the body does not say enough of it. `unsupported-message`: The message that it is about does not allow this. `invalid-content`: WhatsApp has no such message. `media-unavailable`: The file could not be fetched, or is not stored any more. `media-too-large`: The file is larger than allowed. `unsupported-media`: The file cannot be read or converted
                 * @enum {unknown}
                 */
                code: "expired" | "not-on-whatsapp" | "refused" | "undeliverable" | "logged-out" | "removed" | "message-not-found" | "unsupported-message" | "invalid-content" | "media-unavailable" | "media-too-large" | "unsupported-media";
                message: string;
                /** @description WhatsApp's number for it, such as 463 */
                whatsappCode?: number;
            };
            history?: {
                /** @enum {unknown} */
                status: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
                /** @description Unix ms */
                at: number;
            }[];
            /** @description Unix ms; `text` is the newest */
            editedAt?: number;
            /** @description Unix ms; deleted for everyone, its content is gone */
            deletedAt?: number;
            starred?: boolean;
            reactions?: {
                sender: {
                    /** @description As WhatsApp addressed it */
                    jid: string;
                    /** @description Digits only, if known */
                    phone?: string;
                    /** @description If known */
                    lid?: string;
                    /** @description The name that they gave themselves */
                    pushName?: string;
                };
                emoji: string;
                /** @description Unix ms */
                at: number;
            }[];
            votes?: {
                option: string;
                voters: string[];
            }[];
        };
        Message: {
            messageId: string;
            instance: string;
            command: string;
            to: string;
            /**
             * @description `queued`: Accepted and stored; waits for its turn. `sending`: Handed to WhatsApp; the server has not acknowledged it yet. `acked`: WhatsApp's server has it. `delivered`: It is on the recipient's phone. `read`: The recipient has seen it. `played`: The recipient has played it. `failed`: It will not be sent; `error` says why
             * @enum {unknown}
             */
            status: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
            error?: {
                /**
                 * @description `expired`: It could not be sent before its ttl ran out. `not-on-whatsapp`: The phone number is not on WhatsApp. `refused`: WhatsApp refused it; `whatsappCode` is its number for why. `undeliverable`: WhatsApp, or its media servers, did not take it in several tries. `logged-out`: The phone is no longer linked to the instance. `removed`: The instance was removed. `message-not-found`: The message that it is about is not kept, and the body does not say enough of it. `unsupported-message`: The message that it is about does not allow this. `invalid-content`: WhatsApp has no such message. `media-unavailable`: The file could not be fetched, or is not stored any more. `media-too-large`: The file is larger than allowed. `unsupported-media`: The file cannot be read or converted
                 * @enum {unknown}
                 */
                code: "expired" | "not-on-whatsapp" | "refused" | "undeliverable" | "logged-out" | "removed" | "message-not-found" | "unsupported-message" | "invalid-content" | "media-unavailable" | "media-too-large" | "unsupported-media";
                message: string;
                /** @description WhatsApp's number for it, such as 463 */
                whatsappCode?: number;
            };
            history: {
                /**
                 * @description `queued`: Accepted and stored; waits for its turn. `sending`: Handed to WhatsApp; the server has not acknowledged it yet. `acked`: WhatsApp's server has it. `delivered`: It is on the recipient's phone. `read`: The recipient has seen it. `played`: The recipient has played it. `failed`: It will not be sent; `error` says why
                 * @enum {unknown}
                 */
                status: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
                /** @description Unix ms */
                at: number;
            }[];
        };
        PairingCode: {
            /** @description Eight characters to type on the phone, as XXXX-XXXX */
            code: string;
            /** @description Unix ms */
            expiresAt: number;
        };
        QrCode: {
            /** @description What the QR code says */
            qr: string;
            /** @description The same as a PNG in a data: URL */
            dataUrl: string;
            /** @description Unix ms; a new one follows by itself */
            expiresAt: number;
        };
        Replay: {
            id: string;
            /** @description Whose events they are: what it wants, and what it missed */
            webhook: string;
            /** @description The webhook that gets them */
            target: string;
            /** @enum {unknown} */
            state: "queued" | "running" | "done" | "cancelled" | "failed";
            /** @description Why it failed */
            reason?: string;
            /** @description Unix ms */
            from: number;
            /** @description Unix ms */
            to: number;
            missedOnly: boolean;
            events?: string[];
            instances?: string[];
            perSecond: number;
            /** @description Unix ms */
            createdAt: number;
            /** @description Unix ms */
            startedAt?: number;
            /** @description Unix ms */
            endedAt?: number;
            counts: {
                /** @description Instances whose logs are looked through */
                instances: number;
                /** @description Those that have been looked through */
                instancesDone: number;
                /** @description Events that are to be sent, so far */
                found: number;
                /** @description Those that were delivered */
                delivered: number;
                /** @description Those that have become dead letters */
                dead: number;
                /** @description Those that have no counterpart in the webhook's format */
                skipped: number;
                /** @description Those that are still to be sent, of `found` */
                waiting: number;
            };
            /** @description Instances of which not everything since `from` is kept, at most 100 of them */
            truncated: {
                instance: string;
                /** @description Of the oldest event that is kept */
                oldestSequence: number;
                /** @description When that happened (Unix ms) */
                oldestAt: number;
            }[];
        };
        SelectionResult: {
            /** @description How many it was done to */
            count: number;
            /** @description Whether there are others that fit: ask again */
            more: boolean;
        };
        Sent: {
            /** @description The message's id on WhatsApp, known before it is sent */
            messageId: string;
            instance: string;
            /** @description The recipient as JID */
            to: string;
            /**
             * @description `queued`: Accepted and stored; waits for its turn. `sending`: Handed to WhatsApp; the server has not acknowledged it yet. `acked`: WhatsApp's server has it. `delivered`: It is on the recipient's phone. `read`: The recipient has seen it. `played`: The recipient has played it. `failed`: It will not be sent; `error` says why
             * @enum {unknown}
             */
            status: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
            error?: string;
        };
        StoreMedia: {
            /** @description Fetched at once; must be a public address */
            url?: string;
            /** @description The file itself, also as a data: URL */
            base64?: string;
            /**
             * @description Default: what the file says that it is
             * @example image/jpeg
             */
            mimeType?: string;
            /** @example invoice.pdf */
            fileName?: string;
        };
        StreamMessage: {
            /** @description Give it back as `?after=` to go on behind this message */
            cursor?: string;
            event?: components["schemas"]["Event"];
            gap?: components["schemas"]["EventGap"];
            /** @description Why the WebSocket is closed after this */
            end?: {
                code: string;
                message: string;
            };
        };
        Tenant: {
            id: string;
            name: string;
            /** @description Which dialects (`/compat/…`) the tenant may use. Default: all */
            dialects: ("luna" | "multi-instance" | "sessions" | "qr-service" | "wwebjs")[];
            /** @description Unix ms */
            createdAt: number;
        };
        TenantMetrics: {
            instances: {
                total: number;
                /** @description By state of the connection */
                states: {
                    [key: string]: number;
                };
            };
            messages: {
                in: {
                    total: number;
                    /** @description By kind; kinds without any are left out */
                    kinds: {
                        [key: string]: number;
                    };
                };
                out: {
                    total: number;
                    /** @description By kind; kinds without any are left out */
                    kinds: {
                        [key: string]: number;
                    };
                };
                /** @description How many of the sent messages have reached each status; one that skips a status does not count there */
                statuses: {
                    [key: string]: number;
                };
                last24Hours: {
                    in: number;
                    out: number;
                    /** @description By full hours, the present one last */
                    hours: {
                        /** @description Unix ms */
                        at: number;
                        in: number;
                        out: number;
                    }[];
                };
                latest: {
                    /** @description When the last message came (Unix ms) */
                    in?: number;
                    /** @description When the last one was sent (Unix ms) */
                    out?: number;
                };
            };
        };
        Webhook: {
            id: string;
            url: string;
            events: string[];
            instances: string[];
            /**
             * @description `native`: The event as this API describes it. `luna`: The four events of luna-whatsapp-service, with messages as Baileys has them. `multi-instance`: The five events of whatsapp-multi-instance-api. `qr-service`: The notifications of whatsapp-qr-service, posted to its two paths below the URL. `wwebjs`: The two events of whatsapp-service, with messages as whatsapp-web.js has them
             * @enum {unknown}
             */
            format: "native" | "luna" | "multi-instance" | "qr-service" | "wwebjs";
            description: string;
            /** @description Names, with the last characters of the values */
            headers: {
                [key: string]: string;
            };
            /**
             * @description `ordered`: an event is tried when its predecessor of the same instance is delivered or given up. `unordered`: events do not wait for each other
             * @enum {unknown}
             */
            ordering: "ordered" | "unordered";
            /** @description The most requests under way at once; the operator may allow less */
            concurrency?: number;
            /**
             * @description `gzip`: bodies are sent with content-encoding gzip
             * @enum {unknown}
             */
            compress: "none" | "gzip";
            enabled: boolean;
            /** @description Why we disabled it, such as an answer of 410 */
            disabledReason?: string;
            /** @description Unix ms */
            createdAt: number;
        };
        /** @description `duration` is that of attempts, `lag` the time from an event to its delivery. Both are right to within an eighth. Counts are a few seconds old */
        WebhookStats: {
            webhook: string;
            hour: {
                attempts: number;
                outcomes: {
                    delivered: number;
                    /** @description Failed, to be tried again */
                    retrying: number;
                    /** @description Failed for the last time */
                    dead: number;
                    /** @description Answered with 410 */
                    disabled: number;
                };
                /** @description 0 to 1, of attempts; absent without any */
                successRate?: number;
                duration?: {
                    /** @description Half of them took no longer (ms) */
                    p50: number;
                    /** @description 99 of 100 took no longer (ms) */
                    p99: number;
                };
                lag?: {
                    /** @description Half of them took no longer (ms) */
                    p50: number;
                    /** @description 99 of 100 took no longer (ms) */
                    p99: number;
                };
            };
            day: {
                attempts: number;
                outcomes: {
                    delivered: number;
                    /** @description Failed, to be tried again */
                    retrying: number;
                    /** @description Failed for the last time */
                    dead: number;
                    /** @description Answered with 410 */
                    disabled: number;
                };
                /** @description 0 to 1, of attempts; absent without any */
                successRate?: number;
                duration?: {
                    /** @description Half of them took no longer (ms) */
                    p50: number;
                    /** @description 99 of 100 took no longer (ms) */
                    p99: number;
                };
                lag?: {
                    /** @description Half of them took no longer (ms) */
                    p50: number;
                    /** @description 99 of 100 took no longer (ms) */
                    p99: number;
                };
            };
            backlog: {
                /** @description Events that wait */
                events: number;
                /** @description Instances, replays and the like with events that wait */
                mailboxes: number;
                /** @description When the oldest of them was accepted (Unix ms) */
                oldestAt?: number;
                /** @description How long the oldest of them has waited */
                ageMs: number;
            };
            deadLetters: number;
            breaker: {
                /** @enum {unknown} */
                state: "closed" | "open" | "half-open";
                /** @description Failed attempts since the last success */
                failures: number;
                /** @description When the next attempt may be made (Unix ms) */
                until?: number;
            };
            /** @description Since when the webhook counts as failing (Unix ms); absent while it does not */
            failingSince?: number;
        };
        WebhookTest: {
            /** @description Unix ms */
            at: number;
            /** @description How long it took */
            ms: number;
            /** @description HTTP status, if there was an answer */
            status?: number;
            /** @description `timeout`, `connect`, `address-refused`, `status` */
            error?: string;
            /** @description The address that was dialled */
            address?: string;
            /** @description The beginning of the answer */
            response?: string;
            /** @description The test event's id: what the header webhook-id said */
            id: string;
            /** @description Whether a delivery would have counted as a success: a status from 200 to 299 */
            ok: boolean;
        };
        SendText: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The message */
            text: string;
            /** @description Fetch the first link of the text and show what it leads to. Default false */
            linkPreview?: boolean;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendImage: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            caption?: string;
            /** @description It can be opened once */
            viewOnce?: boolean;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendVideo: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            caption?: string;
            /** @description It can be opened once */
            viewOnce?: boolean;
            /** @description Plays silently in a loop; a GIF is converted */
            gif?: boolean;
            /** @description A round video message */
            note?: boolean;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendAudio: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            /** @description A voice message: any sound is converted to Opus, with its waveform. Default true */
            voice?: boolean;
            /** @description It can be opened once */
            viewOnce?: boolean;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendDocument: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            /** @description Shown to the recipient */
            fileName?: string;
            mimeType?: string;
            caption?: string;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendSticker: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendLocation: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            latitude: number;
            longitude: number;
            name?: string;
            address?: string;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendContacts: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            contacts: {
                name: string;
                /** @description In international form */
                phones?: string[];
                organization?: string;
                email?: string;
                /** @description A whole vCard instead of `phones` */
                vcard?: string;
            }[];
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendPoll: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description The question */
            name: string;
            options: string[];
            /** @description How many options one may choose; 0 for any number. Default 1 */
            selectable?: number;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendEvent: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            name: string;
            description?: string;
            /** @description Unix ms */
            startsAt: number;
            /** @description Unix ms */
            endsAt?: number;
            location?: {
                latitude: number;
                longitude: number;
                name?: string;
                address?: string;
            };
            /**
             * @description With a call link
             * @enum {unknown}
             */
            call?: "audio" | "video";
            /** @description Guests may bring others */
            extraGuests?: boolean;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendAlbum: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description Pictures and videos, in order */
            items: {
                /** @enum {unknown} */
                type: "image" | "video";
                /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
                media: {
                    /** @description Fetched when it is sent; must be a public address */
                    url?: string;
                    /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                    base64?: string;
                    /** @description A file that was stored with POST /v1/media, or received */
                    id?: string;
                    /** @description Default: what the file says that it is */
                    mimeType?: string;
                    fileName?: string;
                };
                caption?: string;
            }[];
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendGroupInvite: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description JID of a group that this number administers */
            group: string;
            text?: string;
            /** @description Code of an invitation for the recipient alone, as WhatsApp gives it when somebody cannot be added. Default: the link of the group is sent */
            code?: string;
            /** @description When that invitation ends (Unix ms). Default: in three days */
            expiresAt?: number;
            /** @description The message that this one answers */
            quoted?: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
                /** @description Shown as the quote. Only needed if the message is not kept */
                text?: string;
            };
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Notify every member of the group */
            mentionAll?: boolean;
            /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
            expiration?: number;
            /** @description Mark it as forwarded */
            forwarded?: boolean;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendStatus: {
            text?: string;
            /**
             * @description Default text
             * @enum {unknown}
             */
            type?: "text" | "image" | "video" | "voice";
            /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
            media?: {
                /** @description Fetched when it is sent; must be a public address */
                url?: string;
                /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                base64?: string;
                /** @description A file that was stored with POST /v1/media, or received */
                id?: string;
                /** @description Default: what the file says that it is */
                mimeType?: string;
                fileName?: string;
            };
            caption?: string;
            /** @description Of a text or voice status, as #RRGGBB */
            backgroundColor?: string;
            font?: number;
            /** @description Who can see it: phone numbers, JIDs or LIDs */
            audience: string[];
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        SendRaw: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description A `proto.Message` of Baileys as JSON, bytes as base64: for what has no command of its own */
            message: {
                [key: string]: unknown;
            };
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        React: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
            };
            /** @description One emoji; empty takes the reaction back */
            emoji: string;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        EditMessage: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
            };
            /** @description The new text, or the new caption */
            text: string;
            /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
            mentions?: string[];
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        DeleteMessage: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
            };
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        ForwardMessage: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            /** @description A message that is kept in the history */
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
            };
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        PinMessage: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
            };
            /** @description Default true; false takes the pin away */
            pinned?: boolean;
            /**
             * @description How long it stays pinned. Default 604800 (a week)
             * @enum {unknown}
             */
            seconds?: 86400 | 604800 | 2592000;
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        VotePoll: {
            /**
             * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
             * @example +1 415 555 0123
             * @example 14155550123@s.whatsapp.net
             * @example 120363023456789012@g.us
             */
            to: string;
            message: {
                /** @description The message's id on WhatsApp */
                id: string;
                /** @description Whether this number wrote it. Only needed if it is not kept */
                fromMe?: boolean;
                /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                sender?: string;
            };
            /** @description What to choose, as written in the poll; empty takes the vote back */
            options: string[];
            /** @description Seconds after which it fails instead of being sent late. Default 86400 */
            ttl?: number;
        };
        /** @description WhatsApp has done it */
        Done: Record<string, never>;
        Privacy: {
            /** @enum {unknown} */
            lastSeen?: "all" | "contacts" | "contact_blacklist" | "none";
            /** @enum {unknown} */
            online?: "all" | "match_last_seen";
            /** @enum {unknown} */
            picture?: "all" | "contacts" | "contact_blacklist" | "none";
            /** @enum {unknown} */
            about?: "all" | "contacts" | "contact_blacklist" | "none";
            /** @enum {unknown} */
            readReceipts?: "all" | "none";
            /** @enum {unknown} */
            groupAdd?: "all" | "contacts" | "contact_blacklist";
            /** @enum {unknown} */
            calls?: "all" | "known";
            /** @enum {unknown} */
            messages?: "all" | "contacts";
            /**
             * @description New chats: messages disappear after so many seconds
             * @enum {unknown}
             */
            ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTenants: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Tenant"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @description Which dialects (`/compat/…`) the tenant may use. Default: all */
                    dialects?: ("luna" | "multi-instance" | "sessions" | "qr-service" | "wwebjs")[];
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
        };
    };
    deleteTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description Which dialects (`/compat/…`) the tenant may use. Default: all */
                    dialects?: ("luna" | "multi-instance" | "sessions" | "qr-service" | "wwebjs")[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description Default: all */
                    scopes?: ("instances:read" | "instances:write" | "messages:send" | "media:read" | "media:write" | "webhooks:read" | "webhooks:write")[];
                    /** @description Unix ms; default: never */
                    expiresAt?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the tenant */
                tenant: string;
                /** @description Id of the key */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listInstances: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Instance"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createInstance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Shown to people; need not be unique */
                    name: string;
                    /**
                     * @description A name of your own for it, in place of its id in every URL; no two instances of a tenant share one
                     * @example shop-01
                     */
                    alias?: string;
                    /** @description Whatever you want to find with it: up to 50 texts of up to 500 characters */
                    metadata?: {
                        [key: string]: string;
                    };
                    settings?: {
                        /** @description Ask the phone for its whole history when pairing. Default false: it costs much memory */
                        syncFullHistory?: boolean;
                        /** @description Appear online while connected (the phone then gets no notifications). Default false */
                        markOnline?: boolean;
                        /** @description How many unknown numbers may be looked for on WhatsApp within an hour. Default 300 */
                        checksPerHour?: number;
                        /** @description Pacing that protects the number. Default: not limited */
                        sendsPerMinute?: number;
                        /** @description Add `raw` to messages: all that Baileys has of them. Default false */
                        rawMessages?: boolean;
                        /** @description Tell messages that the API has sent as `messages.upsert`, too, once WhatsApp's server has them. Default false */
                        emitSentMessages?: boolean;
                        /** @description Fetch the files of messages that come in, at once. Default true */
                        downloadMedia?: boolean;
                        /** @description No events of groups and no history of them */
                        ignoreGroups?: boolean;
                        /** @description The same for status updates */
                        ignoreStatus?: boolean;
                        /** @description The same for newsletters (channels) */
                        ignoreNewsletters?: boolean;
                        /** @description Reject every call that comes in */
                        rejectCalls?: boolean;
                        /** @description Send a read receipt for every message as soon as its event is stored */
                        readMessages?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    getInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    deleteInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Shown to people; need not be unique */
                    name?: string;
                    /** @description `null` takes it away */
                    alias?: string | null;
                    /** @description `null` takes all of it away */
                    metadata?: {
                        [key: string]: string;
                    } | null;
                    settings?: {
                        /** @description Ask the phone for its whole history when pairing. Default false: it costs much memory */
                        syncFullHistory?: boolean;
                        /** @description Appear online while connected (the phone then gets no notifications). Default false */
                        markOnline?: boolean;
                        /** @description How many unknown numbers may be looked for on WhatsApp within an hour. Default 300 */
                        checksPerHour?: number;
                        /** @description Pacing that protects the number. Default: not limited */
                        sendsPerMinute?: number;
                        /** @description Add `raw` to messages: all that Baileys has of them. Default false */
                        rawMessages?: boolean;
                        /** @description Tell messages that the API has sent as `messages.upsert`, too, once WhatsApp's server has them. Default false */
                        emitSentMessages?: boolean;
                        /** @description Fetch the files of messages that come in, at once. Default true */
                        downloadMedia?: boolean;
                        /** @description No events of groups and no history of them */
                        ignoreGroups?: boolean;
                        /** @description The same for status updates */
                        ignoreStatus?: boolean;
                        /** @description The same for newsletters (channels) */
                        ignoreNewsletters?: boolean;
                        /** @description Reject every call that comes in */
                        rejectCalls?: boolean;
                        /** @description Send a read receipt for every message as soon as its event is stored */
                        readMessages?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    importInstance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Shown to people; need not be unique */
                    name?: string;
                    /**
                     * @description A name of your own for it, in place of its id in every URL; no two instances of a tenant share one
                     * @example shop-01
                     */
                    alias?: string;
                    /** @description Whatever you want to find with it: up to 50 texts of up to 500 characters */
                    metadata?: {
                        [key: string]: string;
                    };
                    settings?: {
                        /** @description Ask the phone for its whole history when pairing. Default false: it costs much memory */
                        syncFullHistory?: boolean;
                        /** @description Appear online while connected (the phone then gets no notifications). Default false */
                        markOnline?: boolean;
                        /** @description How many unknown numbers may be looked for on WhatsApp within an hour. Default 300 */
                        checksPerHour?: number;
                        /** @description Pacing that protects the number. Default: not limited */
                        sendsPerMinute?: number;
                        /** @description Add `raw` to messages: all that Baileys has of them. Default false */
                        rawMessages?: boolean;
                        /** @description Tell messages that the API has sent as `messages.upsert`, too, once WhatsApp's server has them. Default false */
                        emitSentMessages?: boolean;
                        /** @description Fetch the files of messages that come in, at once. Default true */
                        downloadMedia?: boolean;
                        /** @description No events of groups and no history of them */
                        ignoreGroups?: boolean;
                        /** @description The same for status updates */
                        ignoreStatus?: boolean;
                        /** @description The same for newsletters (channels) */
                        ignoreNewsletters?: boolean;
                        /** @description Reject every call that comes in */
                        rejectCalls?: boolean;
                        /** @description Send a read receipt for every message as soon as its event is stored */
                        readMessages?: boolean;
                    };
                    /** @description Connect it as soon as it is imported. Default false */
                    connect?: boolean;
                    /** @description Each file of the folder: its name, and its content as text. `creds.json` and all keys beside it, up to 48 MB */
                    files: {
                        [key: string]: string;
                    };
                };
                "multipart/form-data": {
                    files: string[];
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    importIntoInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Connect it as soon as it is imported. Default false */
                    connect?: boolean;
                    /** @description Each file of the folder: its name, and its content as text. `creds.json` and all keys beside it, up to 48 MB */
                    files: {
                        [key: string]: string;
                    };
                };
                "multipart/form-data": {
                    files: string[];
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    connectInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    restartInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    stopInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    logoutInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    getQrCode: {
        parameters: {
            query?: {
                /** @description Seconds to wait for a code if there is none yet. Default 0 */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The code of the moment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QrCode"];
                    "image/png": string;
                    "image/svg+xml": string;
                    "text/plain": string;
                };
            };
        };
    };
    requestPairingCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The phone number to link, in international form */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PairingCode"];
                };
            };
        };
    };
    sendText: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendText"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendImage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendImage"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    caption?: string;
                    /** @description It can be opened once */
                    viewOnce?: boolean;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendVideo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendVideo"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    caption?: string;
                    /** @description It can be opened once */
                    viewOnce?: boolean;
                    /** @description Plays silently in a loop; a GIF is converted */
                    gif?: boolean;
                    /** @description A round video message */
                    note?: boolean;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendAudio: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendAudio"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    /** @description A voice message: any sound is converted to Opus, with its waveform. Default true */
                    voice?: boolean;
                    /** @description It can be opened once */
                    viewOnce?: boolean;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendDocument: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendDocument"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    /** @description Shown to the recipient */
                    fileName?: string;
                    mimeType?: string;
                    caption?: string;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendSticker: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendSticker"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendLocation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendLocation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendContacts: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendContacts"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendPoll: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendPoll"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendEvent: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendEvent"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendAlbum: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendAlbum"];
                "multipart/form-data": {
                    /** @description The files in their order, under any names */
                    file: string[];
                    /** @description What belongs to each of them, as a JSON list in the same order */
                    items?: string;
                    /**
                     * @description Phone number in international form (spaces, dashes, + and parentheses are fine), JID, LID or group
                     * @example +1 415 555 0123
                     * @example 14155550123@s.whatsapp.net
                     * @example 120363023456789012@g.us
                     */
                    to?: string;
                    /** @description The message that this one answers */
                    quoted?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                        /** @description Shown as the quote. Only needed if the message is not kept */
                        text?: string;
                    };
                    /** @description Phone numbers or JIDs that the text mentions, written in it as @number */
                    mentions?: string[];
                    /** @description Notify every member of the group */
                    mentionAll?: boolean;
                    /** @description Seconds after which it disappears. Default: as the chat is set; 0: never */
                    expiration?: number;
                    /** @description Mark it as forwarded */
                    forwarded?: boolean;
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    "sendGroup-invite": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendGroupInvite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendStatus: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendStatus"];
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file?: string;
                    text?: string;
                    /**
                     * @description Default text
                     * @enum {unknown}
                     */
                    type?: "text" | "image" | "video" | "voice";
                    caption?: string;
                    /** @description Of a text or voice status, as #RRGGBB */
                    backgroundColor?: string;
                    font?: number;
                    /** @description Who can see it: phone numbers, JIDs or LIDs */
                    audience?: string[];
                    /** @description Seconds after which it fails instead of being sent late. Default 86400 */
                    ttl?: number;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    sendRaw: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendRaw"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messageReact: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["React"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messageEdit: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditMessage"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messageDelete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteMessage"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messageForward: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForwardMessage"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messagePin: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PinMessage"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    messageVote: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Any text of up to 255 characters, bare or in quotes, that stands for this message: repeating the request with it sends nothing twice, until a week after its ttl has run out
                 * @example order-4711-shipped
                 */
                "idempotency-key"?: string;
                /**
                 * @description `wait=N` holds the answer up to N (at most 60) seconds, until WhatsApp has acknowledged the message or it has failed
                 * @example wait=10
                 */
                prefer?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VotePoll"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description `in`: received, `out`: sent, also from another device of the number */
                direction?: "in" | "out";
                /** @description Only messages from before this time (Unix ms) */
                before?: number;
                /** @description Only messages from after this time (Unix ms) */
                after?: number;
                /** @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire */
                kind?: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                /** @description Only sent messages that are now in this status */
                status?: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
                /** @description Only messages of this chat: a phone number, JID or LID. Either address finds the messages of both */
                chat?: string;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StoredMessage"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    forgetMessages: {
        parameters: {
            query?: {
                /** @description Only messages of this chat: a phone number, JID or LID. Either address finds the messages of both */
                chat?: string;
                /** @description Only messages from before this time (Unix ms) */
                before?: number;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forgotten"];
                };
            };
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDetails"];
                };
            };
        };
    };
    forgetMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listChats: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only those that are archived, or that are not */
                archived?: boolean;
                /** @description Only those with something unread, or without */
                unread?: boolean;
                /** @description A part of a name, phone number or JID */
                search?: string;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Chat"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    getChat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Chat"];
                };
            };
        };
    };
    chatDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    chatModify: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    archived?: boolean;
                    pinned?: boolean;
                    /** @description `true`: for ever, `false`: not, a number: until then (Unix ms) */
                    muted?: boolean | number;
                    /** @description Mark it as unread, or as read */
                    unread?: boolean;
                    /**
                     * @description Messages disappear after so many seconds; 0: never
                     * @enum {unknown}
                     */
                    ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    listChatMessages: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description `in`: received, `out`: sent, also from another device of the number */
                direction?: "in" | "out";
                /** @description Only messages from before this time (Unix ms) */
                before?: number;
                /** @description Only messages from after this time (Unix ms) */
                after?: number;
                /** @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire */
                kind?: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                /** @description Only sent messages that are now in this status */
                status?: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StoredMessage"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listContacts: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description A part of a name, phone number or JID */
                search?: string;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Contact"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    getContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
        };
    };
    contactSave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    firstName?: string;
                    /** @description Default true */
                    saveOnPhone?: boolean;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    contactRemove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    listLidMappings: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LidMapping"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    addLidMapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description `…@lid`
                     * @example 123456789012345@lid
                     */
                    lid: string;
                    /**
                     * @description Phone number in international form
                     * @example +1 415 555 0123
                     */
                    phone: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LidMapping"];
                };
            };
        };
    };
    getLidMapping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number or LID */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LidMapping"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantMetrics"];
                };
            };
        };
    };
    getInstanceMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceMetrics"];
                };
            };
        };
    };
    storeMedia: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StoreMedia"];
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
                "*/*": string;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Media"];
                };
            };
        };
    };
    fetchMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the file */
                media: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The part of it that `Range` asks for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description You have it: it still has the `ETag` of `If-None-Match` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
        };
    };
    deleteMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the file */
                media: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    linkMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the file */
                media: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkMedia"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaLink"];
                };
            };
        };
    };
    fetchLinkedMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As the link has it */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The part of it that `Range` asks for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description You have it: it still has the `ETag` of `If-None-Match` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
        };
    };
    presenceSet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    presence: "available" | "unavailable";
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    chatPresence: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    presence: "composing" | "recording" | "paused";
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    chatSubscribe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    chatRead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    messages?: {
                        /** @description The message's id on WhatsApp */
                        id: string;
                        /** @description Whether this number wrote it. Only needed if it is not kept */
                        fromMe?: boolean;
                        /** @description JID of who wrote it, in a group. Only needed if it is not kept */
                        sender?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many messages */
                        read: number;
                    };
                };
            };
        };
    };
    chatClear: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    chatFetchHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID, LID or group */
                chat: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Default 50 */
                    count?: number;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    messageStar: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    starred: boolean;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    messageDeleteForMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    deleteMedia?: boolean;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    messageFetchMedia: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Its id under `/v1/media`, once `status` is `stored` */
                        id?: string;
                        /**
                         * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                         * @enum {unknown}
                         */
                        status: "pending" | "stored" | "failed" | "skipped";
                        /** @description Why it could not be fetched */
                        error?: string;
                        mimeType?: string;
                        fileName?: string;
                        /** @description Bytes */
                        size?: number;
                        /** @description Of the file, as hex */
                        sha256?: string;
                        seconds?: number;
                        width?: number;
                        height?: number;
                        animated?: boolean;
                        gif?: boolean;
                        waveform?: number[];
                    };
                };
            };
        };
    };
    messageRaw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The message's id on WhatsApp */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The WebMessageInfo as JSON, bytes as base64 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    callReject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Id from the `call` event */
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `from.jid` of the `call` event */
                    from: string;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    callLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    type: "audio" | "video";
                    /** @description Unix ms */
                    startsAt?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        url: string;
                    };
                };
            };
        };
    };
    contactsCheck: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    numbers: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: {
                            /** @description As it was asked */
                            number: string;
                            exists: boolean;
                            jid?: string;
                            lid?: string;
                            /** @description Why this is no phone number */
                            error?: string;
                        }[];
                    };
                };
            };
        };
    };
    contactPicture: {
        parameters: {
            query?: {
                /** @description Default preview */
                size?: "preview" | "full";
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null: none, or not shown to this number */
                        url: string | null;
                    };
                };
            };
        };
    };
    contactAbout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        about: string | null;
                        /** @description Unix ms */
                        setAt?: number;
                    };
                };
            };
        };
    };
    contactBusiness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Baileys' WABusinessProfile, if it is one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        isBusiness: boolean;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    contactBlock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    contactUnblock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Phone number, JID or LID */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    blocklistGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jids: string[];
                    };
                };
            };
        };
    };
    labelSave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Number of the label */
                label: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    color?: number;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    labelRemove: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Number of the label */
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    labelAssociate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description Number of the label */
                label: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    chat: string;
                    message?: string;
                    labelled: boolean;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    groupsList: {
        parameters: {
            query?: {
                /** @description With their members. Default true */
                participants?: boolean;
            };
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Group"][];
                    };
                };
            };
        };
    };
    groupCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    subject: string;
                    participants: string[];
                    description?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    groupGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    groupUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    subject?: string;
                    /** @description Empty: none */
                    description?: string;
                    /** @description Only admins may write */
                    announcement?: boolean;
                    /** @description Only admins may change subject, description and picture */
                    locked?: boolean;
                    /** @enum {unknown} */
                    ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
                    /** @description Every member may add others */
                    membersAdd?: boolean;
                    /** @description Admins approve who joins */
                    joinApproval?: boolean;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    groupParticipants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    action: "add" | "remove" | "promote" | "demote";
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        participants: {
                            jid: string;
                            ok: boolean;
                            /** @description WhatsApp's code: 403 they allow only invitations, 404 not on WhatsApp, 409 a member already */
                            code?: number;
                            /** @description Who cannot be added can be invited: give it to POST …/messages/group-invite */
                            inviteCode?: string;
                            /** @description Unix ms */
                            inviteExpiresAt?: number;
                        }[];
                    };
                };
            };
        };
    };
    groupLeave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    groupPicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
                    media: {
                        /** @description Fetched when it is sent; must be a public address */
                        url?: string;
                        /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                        base64?: string;
                        /** @description A file that was stored with POST /v1/media, or received */
                        id?: string;
                        /** @description Default: what the file says that it is */
                        mimeType?: string;
                        fileName?: string;
                    };
                };
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    groupRemovePicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    groupInvite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        url: string;
                    };
                };
            };
        };
    };
    groupRevokeInvite: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        url: string;
                    };
                };
            };
        };
    };
    groupInviteInfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description The code, or the whole link https://chat.whatsapp.com/… */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
        };
    };
    groupJoin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The code, or the whole link https://chat.whatsapp.com/… */
                    code: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description JID; null while admins must approve */
                        group: string | null;
                    };
                };
            };
        };
    };
    groupJoinRequests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            jid: string;
                            phone?: string;
                            method?: string;
                            /** @description Unix ms */
                            at?: number;
                        }[];
                    };
                };
            };
        };
    };
    groupAnswerJoinRequests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the group, `…@g.us` */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    action: "approve" | "reject";
                    participants: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        participants: {
                            jid: string;
                            ok: boolean;
                            /** @description WhatsApp's code: 403 they allow only invitations, 404 not on WhatsApp, 409 a member already */
                            code?: number;
                            /** @description Who cannot be added can be invited: give it to POST …/messages/group-invite */
                            inviteCode?: string;
                            /** @description Unix ms */
                            inviteExpiresAt?: number;
                        }[];
                    };
                };
            };
        };
    };
    profileGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jid: string;
                        lid?: string;
                        phone?: string;
                        name?: string;
                        about?: string | null;
                        /** @description URL */
                        picture?: string | null;
                    };
                };
            };
        };
    };
    profileName: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    profileAbout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    about: string;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    profilePicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The file: one of `url`, `base64` and `id`; or send the request as multipart/form-data with a file */
                    media: {
                        /** @description Fetched when it is sent; must be a public address */
                        url?: string;
                        /** @description The file itself, also as a data: URL. Large files: multipart, or POST /v1/media */
                        base64?: string;
                        /** @description A file that was stored with POST /v1/media, or received */
                        id?: string;
                        /** @description Default: what the file says that it is */
                        mimeType?: string;
                        fileName?: string;
                    };
                };
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file; its field may be called `media`, too
                     */
                    file: string;
                    /** @description A JSON object with any of the fields, in place of fields of their own */
                    payload?: string;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    profileRemovePicture: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    privacyGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Privacy"];
                };
            };
        };
    };
    privacySet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    lastSeen?: "all" | "contacts" | "contact_blacklist" | "none";
                    /** @enum {unknown} */
                    online?: "all" | "match_last_seen";
                    /** @enum {unknown} */
                    picture?: "all" | "contacts" | "contact_blacklist" | "none";
                    /** @enum {unknown} */
                    about?: "all" | "contacts" | "contact_blacklist" | "none";
                    /** @enum {unknown} */
                    readReceipts?: "all" | "none";
                    /** @enum {unknown} */
                    groupAdd?: "all" | "contacts" | "contact_blacklist";
                    /** @enum {unknown} */
                    calls?: "all" | "known";
                    /** @enum {unknown} */
                    messages?: "all" | "contacts";
                    /**
                     * @description New chats: messages disappear after so many seconds
                     * @enum {unknown}
                     */
                    ephemeralSeconds?: 0 | 86400 | 604800 | 7776000;
                };
            };
        };
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    accountRestrictions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        reachoutTimelock: {
                            [key: string]: unknown;
                        } | null;
                        newChatCap: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
        };
    };
    newsletterGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the channel, `…@newsletter` */
                newsletter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Baileys' NewsletterMetadata */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    newsletterFollow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the channel, `…@newsletter` */
                newsletter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    newsletterUnfollow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters that stands for this request: repeating it within a day does nothing twice and gives the same answer */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id or alias of the instance */
                instance: string;
                /** @description JID of the channel, `…@newsletter` */
                newsletter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WhatsApp has done it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where events are posted; must be a public address */
                    url: string;
                    events?: ("*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter")[];
                    /** @description Only events of these instances; empty: of all */
                    instances?: string[];
                    /**
                     * @description `native`: The event as this API describes it. `luna`: The four events of luna-whatsapp-service, with messages as Baileys has them. `multi-instance`: The five events of whatsapp-multi-instance-api. `qr-service`: The notifications of whatsapp-qr-service, posted to its two paths below the URL. `wwebjs`: The two events of whatsapp-service, with messages as whatsapp-web.js has them
                     * @enum {unknown}
                     */
                    format?: "native" | "luna" | "multi-instance" | "qr-service" | "wwebjs";
                    description?: string;
                    /** @description Sent with every delivery. Values are secrets: stored encrypted, and shown as their last characters. Names that HTTP or this API uses are refused */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `ordered`: an event is tried when its predecessor of the same instance is delivered or given up. `unordered`: events do not wait for each other
                     * @enum {unknown}
                     */
                    ordering?: "ordered" | "unordered";
                    /** @description The most requests under way at once; the operator may allow less */
                    concurrency?: number;
                    /**
                     * @description `gzip`: bodies are sent with content-encoding gzip
                     * @enum {unknown}
                     */
                    compress?: "none" | "gzip";
                    enabled?: boolean;
                    /** @description A signing secret of your own: `whsec_` and 24 to 64 bytes in base64. Default: a new one */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where events are posted; must be a public address */
                    url?: string;
                    events?: ("*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter")[];
                    /** @description Only events of these instances; empty: of all */
                    instances?: string[];
                    /**
                     * @description `native`: The event as this API describes it. `luna`: The four events of luna-whatsapp-service, with messages as Baileys has them. `multi-instance`: The five events of whatsapp-multi-instance-api. `qr-service`: The notifications of whatsapp-qr-service, posted to its two paths below the URL. `wwebjs`: The two events of whatsapp-service, with messages as whatsapp-web.js has them
                     * @enum {unknown}
                     */
                    format?: "native" | "luna" | "multi-instance" | "qr-service" | "wwebjs";
                    description?: string;
                    /** @description Sent with every delivery. Values are secrets: stored encrypted, and shown as their last characters. Names that HTTP or this API uses are refused */
                    headers?: {
                        [key: string]: string;
                    };
                    /**
                     * @description `ordered`: an event is tried when its predecessor of the same instance is delivered or given up. `unordered`: events do not wait for each other
                     * @enum {unknown}
                     */
                    ordering?: "ordered" | "unordered";
                    /** @description The most requests under way at once; the operator may allow less */
                    concurrency?: number;
                    /**
                     * @description `gzip`: bodies are sent with content-encoding gzip
                     * @enum {unknown}
                     */
                    compress?: "none" | "gzip";
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A signing secret of your own: `whsec_` and 24 to 64 bytes in base64. Default: a new one */
                    secret?: string;
                    /** @description How long the old secrets go on signing beside the new one; a day unless said otherwise */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
        };
    };
    listAllDeliveries: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only events of this type; `messages.*` stands for all that begin so */
                type?: "*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
                /** @description Only events of this instance, by id */
                instance?: string;
                /** @description Only what changed at this time or later (Unix ms) */
                from?: number;
                /** @description Only what changed at this time or before (Unix ms) */
                to?: number;
                /** @description Only those whose last attempt was answered so; `none`: there was no answer */
                status?: "2xx" | "3xx" | "4xx" | "5xx" | "none";
                /** @description Only those whose last attempt failed so */
                error?: "timeout" | "connect" | "address-refused" | "status";
                /** @description Only those in this state */
                state?: "pending" | "delivered" | "retrying" | "dead";
                /** @description Only those of this webhook */
                webhook?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only events of this type; `messages.*` stands for all that begin so */
                type?: "*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
                /** @description Only events of this instance, by id */
                instance?: string;
                /** @description Only what changed at this time or later (Unix ms) */
                from?: number;
                /** @description Only what changed at this time or before (Unix ms) */
                to?: number;
                /** @description Only those whose last attempt was answered so; `none`: there was no answer */
                status?: "2xx" | "3xx" | "4xx" | "5xx" | "none";
                /** @description Only those whose last attempt failed so */
                error?: "timeout" | "connect" | "address-refused" | "status";
                /** @description Only those in this state */
                state?: "pending" | "delivered" | "retrying" | "dead";
            };
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
                /** @description Id of the event: what the header webhook-id says */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `event` is absent if the log does not keep it any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
                /** @description Id of the event: what the header webhook-id says */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {unknown} */
                        state: "pending" | "delivered" | "retrying" | "dead";
                    };
                };
            };
        };
    };
    getWebhookStats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `duration` is that of attempts, `lag` the time from an event to its delivery. Both are right to within an eighth. Counts are a few seconds old */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookStats"];
                };
            };
        };
    };
    createReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Events from this time on (Unix ms) */
                    from?: number;
                    /** @description Everything that was missed since this time (Unix ms): `from` with `missedOnly` */
                    since?: number;
                    /** @description Events up to this time (Unix ms). Default: all that have happened by now */
                    to?: number;
                    /** @description Only events of these types; `messages.*` stands for all that begin so */
                    events?: ("*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter")[];
                    /** @description Only events of these instances, by id */
                    instances?: string[];
                    /** @description Only events that the webhook has not had and that do not wait for it */
                    missedOnly?: boolean;
                    /** @description Another webhook of yours that gets them, such as a new one. Default: the same */
                    target?: string;
                    /**
                     * @description How many events are sent in a second at most
                     * @default 50
                     */
                    perSecond?: number;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
        };
    };
    listReplays: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only those that this webhook gets */
                webhook?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Replay"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the replay */
                replay: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
        };
    };
    cancelReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the replay */
                replay: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description How many entries at most */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Only events of this type; `messages.*` stands for all that begin so */
                type?: "*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
                /** @description Only events of this instance, by id */
                instance?: string;
                /** @description Only what changed at this time or later (Unix ms) */
                from?: number;
                /** @description Only what changed at this time or before (Unix ms) */
                to?: number;
                /** @description Only those whose last attempt was answered so; `none`: there was no answer */
                status?: "2xx" | "3xx" | "4xx" | "5xx" | "none";
                /** @description Only those whose last attempt failed so */
                error?: "timeout" | "connect" | "address-refused" | "status";
                /** @description Only those of this webhook */
                webhook?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        /** @description Absent on the last page */
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    redriveDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dead letter */
                deadLetter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @enum {string} */
                        state: "pending";
                    };
                };
            };
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dead letter */
                deadLetter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
        };
    };
    deleteDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dead letter */
                deadLetter: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Those of this webhook */
                    webhook: string;
                    /**
                     * @description Only events of this type; `messages.*` stands for all that begin so
                     * @enum {unknown}
                     */
                    type?: "*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
                    /** @description Only events of this instance, by id */
                    instance?: string;
                    /** @description Only what died at this time or later (Unix ms) */
                    from?: number;
                    /** @description Only what died at this time or before (Unix ms) */
                    to?: number;
                    /**
                     * @description Only those whose last attempt was answered so; `none`: there was no answer
                     * @enum {unknown}
                     */
                    status?: "2xx" | "3xx" | "4xx" | "5xx" | "none";
                    /**
                     * @description Only those whose last attempt failed so
                     * @enum {unknown}
                     */
                    error?: "timeout" | "connect" | "address-refused" | "status";
                    /**
                     * @description How many at most, the earliest first
                     * @default 1000
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SelectionResult"];
                };
            };
        };
    };
    purgeDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Those of this webhook */
                    webhook: string;
                    /**
                     * @description Only events of this type; `messages.*` stands for all that begin so
                     * @enum {unknown}
                     */
                    type?: "*" | "connection.*" | "qrcode.*" | "messages.*" | "message-receipt.*" | "messaging-history.*" | "presence.*" | "chats.*" | "contacts.*" | "lid-mapping.*" | "blocklist.*" | "cal.*" | "labels.*" | "account.*" | "groups.*" | "group-participants.*" | "group.*" | "newsletter.*" | "webhook.*" | "connection.update" | "qrcode.updated" | "messages.upsert" | "messages.update" | "messages.reaction" | "messages.delete" | "messages.media-update" | "message-receipt.update" | "messaging-history.status" | "presence.update" | "chats.upsert" | "chats.update" | "chats.delete" | "contacts.upsert" | "contacts.update" | "lid-mapping.update" | "blocklist.update" | "call" | "labels.edit" | "labels.association" | "account.restriction" | "groups.upsert" | "groups.update" | "group-participants.update" | "group.join-request" | "newsletter.update" | "webhook.failing" | "webhook.recovered" | "webhook.disabled" | "webhook.dead-letter";
                    /** @description Only events of this instance, by id */
                    instance?: string;
                    /** @description Only what died at this time or later (Unix ms) */
                    from?: number;
                    /** @description Only what died at this time or before (Unix ms) */
                    to?: number;
                    /**
                     * @description Only those whose last attempt was answered so; `none`: there was no answer
                     * @enum {unknown}
                     */
                    status?: "2xx" | "3xx" | "4xx" | "5xx" | "none";
                    /**
                     * @description Only those whose last attempt failed so
                     * @enum {unknown}
                     */
                    error?: "timeout" | "connect" | "address-refused" | "status";
                    /**
                     * @description How many at most, the earliest first
                     * @default 1000
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SelectionResult"];
                };
            };
        };
    };
    createEventTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTicket"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description Only events of these instances: ids, comma separated or repeated. Default: of all */
                instance?: string[] | string;
                /** @description Only events of these types: names such as `messages.upsert` and beginnings such as `connection.*`, comma separated or repeated. Default: all */
                types?: string[] | string;
                /** @description The id of the last event that was seen: go on behind it. `0`: from the oldest that is kept. Default: from now on */
                after?: string;
                /** @description Instead of a key, for browsers: see `POST /v1/events/ticket` */
                ticket?: string;
            };
            header?: {
                /** @description The same as `after`, which it overrides: browsers send it when they connect again */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A WebSocket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamMessage"];
                };
            };
            /** @description Each event as `data`. Named events: `heartbeat` (a sign of life), `gap` (events that are not kept any more), `end` (why the stream ends) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        status: "ok" | "unavailable";
                        /** @description The store answers */
                        redis: boolean;
                        /** @description Connection workers that are alive. Without any, requests are still accepted and queued */
                        workers: number;
                    };
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    onConnectionUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "connection.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description The connection changed state */
                    data: {
                        /** @enum {unknown} */
                        state: "new" | "waiting" | "connecting" | "pairing" | "open" | "backing-off" | "closed";
                        /** @enum {unknown} */
                        reason?: "logged-out" | "refused" | "banned" | "replaced" | "pairing-timeout" | "stopped";
                        code?: number;
                        jid?: string;
                        lid?: string;
                        phone?: string;
                        /** @description The profile name of the number, once WhatsApp has told it */
                        pushName?: string;
                        /** @description With `connecting`: a phone has just linked this device */
                        isNewLogin?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onQrcodeUpdated: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "qrcode.updated";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description There is a new QR code to scan */
                    data: {
                        qr: string;
                        /** @description Unix ms */
                        expiresAt: number;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagesUpsert: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messages.upsert";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A message came in, or was sent from another device of this number. The same id again: it takes the place of one that was `unreadable` */
                    data: {
                        /**
                         * @description `append`: it arrived while the instance was offline, or the API has sent it (if the instance is set to `emitSentMessages`)
                         * @enum {unknown}
                         */
                        type: "notify" | "append";
                        message: {
                            /** @description The message's id on WhatsApp */
                            id: string;
                            /** @description JID of the chat; `status@broadcast` for a status update */
                            chat: string;
                            fromMe: boolean;
                            sender: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms, by WhatsApp's clock */
                            timestamp: number;
                            /**
                             * @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire
                             * @enum {unknown}
                             */
                            kind: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                            /** @description Baileys' name of the content, such as `imageMessage` */
                            type?: string;
                            /** @description The text, or the caption of a file */
                            text?: string;
                            /** @description The caption alone */
                            caption?: string;
                            /** @description Id of the message that this one answers */
                            quotedId?: string;
                            quoted?: {
                                id: string;
                                /** @description JID */
                                sender?: string;
                                kind?: string;
                                text?: string;
                            };
                            mentions?: string[];
                            mentionsAll?: boolean;
                            /** @description How often it has been forwarded */
                            forwarded?: number;
                            /** @description Seconds after which it disappears */
                            expiration?: number;
                            viewOnce?: boolean;
                            /** @description Id of the album that it belongs to */
                            albumId?: string;
                            media?: {
                                /** @description Its id under `/v1/media`, once `status` is `stored` */
                                id?: string;
                                /**
                                 * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                                 * @enum {unknown}
                                 */
                                status: "pending" | "stored" | "failed" | "skipped";
                                /** @description Why it could not be fetched */
                                error?: string;
                                mimeType?: string;
                                fileName?: string;
                                /** @description Bytes */
                                size?: number;
                                /** @description Of the file, as hex */
                                sha256?: string;
                                seconds?: number;
                                width?: number;
                                height?: number;
                                animated?: boolean;
                                gif?: boolean;
                                waveform?: number[];
                            };
                            location?: {
                                latitude: number;
                                longitude: number;
                                name?: string;
                                address?: string;
                            };
                            contacts?: {
                                name: string;
                                phones: string[];
                                vcard: string;
                            }[];
                            poll?: {
                                name: string;
                                options: string[];
                                /** @description How many options one may choose; 0 for any number */
                                selectable: number;
                            };
                            event?: {
                                name: string;
                                description?: string;
                                /** @description Unix ms */
                                startsAt?: number;
                                /** @description Unix ms */
                                endsAt?: number;
                                location?: {
                                    latitude: number;
                                    longitude: number;
                                    name?: string;
                                    address?: string;
                                };
                                callLink?: string;
                                cancelled?: boolean;
                            };
                            reply?: {
                                /** @description Id of the button or entry */
                                id?: string;
                                text?: string;
                            };
                            /** @description The whole message as Baileys has it, if the instance is set to `rawMessages` */
                            raw?: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagesUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messages.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Something became of a message: acknowledged, delivered, read, played, failed; edited, deleted, pinned, starred; a vote or a response came */
                    data: {
                        id: string;
                        /** @description JID */
                        chat: string;
                        fromMe?: boolean;
                        /** @enum {unknown} */
                        status?: "queued" | "sending" | "acked" | "delivered" | "read" | "played" | "failed";
                        error?: {
                            /**
                             * @description `expired`: It could not be sent before its ttl ran out. `not-on-whatsapp`: The phone number is not on WhatsApp. `refused`: WhatsApp refused it; `whatsappCode` is its number for why. `undeliverable`: WhatsApp, or its media servers, did not take it in several tries. `logged-out`: The phone is no longer linked to the instance. `removed`: The instance was removed. `message-not-found`: The message that it is about is not kept, and the body does not say enough of it. `unsupported-message`: The message that it is about does not allow this. `invalid-content`: WhatsApp has no such message. `media-unavailable`: The file could not be fetched, or is not stored any more. `media-too-large`: The file is larger than allowed. `unsupported-media`: The file cannot be read or converted
                             * @enum {unknown}
                             */
                            code: "expired" | "not-on-whatsapp" | "refused" | "undeliverable" | "logged-out" | "removed" | "message-not-found" | "unsupported-message" | "invalid-content" | "media-unavailable" | "media-too-large" | "unsupported-media";
                            message: string;
                            /** @description WhatsApp's number for it, such as 463 */
                            whatsappCode?: number;
                        };
                        edited?: {
                            by: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                            message: {
                                /** @description The message's id on WhatsApp */
                                id: string;
                                /** @description JID of the chat; `status@broadcast` for a status update */
                                chat: string;
                                fromMe: boolean;
                                sender: {
                                    /** @description As WhatsApp addressed it */
                                    jid: string;
                                    /** @description Digits only, if known */
                                    phone?: string;
                                    /** @description If known */
                                    lid?: string;
                                    /** @description The name that they gave themselves */
                                    pushName?: string;
                                };
                                /** @description Unix ms, by WhatsApp's clock */
                                timestamp: number;
                                /**
                                 * @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire
                                 * @enum {unknown}
                                 */
                                kind: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                                /** @description Baileys' name of the content, such as `imageMessage` */
                                type?: string;
                                /** @description The text, or the caption of a file */
                                text?: string;
                                /** @description The caption alone */
                                caption?: string;
                                /** @description Id of the message that this one answers */
                                quotedId?: string;
                                quoted?: {
                                    id: string;
                                    /** @description JID */
                                    sender?: string;
                                    kind?: string;
                                    text?: string;
                                };
                                mentions?: string[];
                                mentionsAll?: boolean;
                                /** @description How often it has been forwarded */
                                forwarded?: number;
                                /** @description Seconds after which it disappears */
                                expiration?: number;
                                viewOnce?: boolean;
                                /** @description Id of the album that it belongs to */
                                albumId?: string;
                                media?: {
                                    /** @description Its id under `/v1/media`, once `status` is `stored` */
                                    id?: string;
                                    /**
                                     * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                                     * @enum {unknown}
                                     */
                                    status: "pending" | "stored" | "failed" | "skipped";
                                    /** @description Why it could not be fetched */
                                    error?: string;
                                    mimeType?: string;
                                    fileName?: string;
                                    /** @description Bytes */
                                    size?: number;
                                    /** @description Of the file, as hex */
                                    sha256?: string;
                                    seconds?: number;
                                    width?: number;
                                    height?: number;
                                    animated?: boolean;
                                    gif?: boolean;
                                    waveform?: number[];
                                };
                                location?: {
                                    latitude: number;
                                    longitude: number;
                                    name?: string;
                                    address?: string;
                                };
                                contacts?: {
                                    name: string;
                                    phones: string[];
                                    vcard: string;
                                }[];
                                poll?: {
                                    name: string;
                                    options: string[];
                                    /** @description How many options one may choose; 0 for any number */
                                    selectable: number;
                                };
                                event?: {
                                    name: string;
                                    description?: string;
                                    /** @description Unix ms */
                                    startsAt?: number;
                                    /** @description Unix ms */
                                    endsAt?: number;
                                    location?: {
                                        latitude: number;
                                        longitude: number;
                                        name?: string;
                                        address?: string;
                                    };
                                    callLink?: string;
                                    cancelled?: boolean;
                                };
                                reply?: {
                                    /** @description Id of the button or entry */
                                    id?: string;
                                    text?: string;
                                };
                                /** @description The whole message as Baileys has it, if the instance is set to `rawMessages` */
                                raw?: {
                                    [key: string]: unknown;
                                };
                            };
                        };
                        deleted?: {
                            by: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                        };
                        vote?: {
                            voter: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                            /** @description What this voter has chosen now; none: took it back */
                            options: string[];
                            result: {
                                option: string;
                                voters: string[];
                            }[];
                            /** @description The poll is not known here, so nobody can tell what was chosen */
                            unreadable?: boolean;
                        };
                        response?: {
                            responder: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                            /** @enum {unknown} */
                            answer: "going" | "not-going" | "maybe" | "unknown";
                            extraGuests?: number;
                        };
                        pinned?: {
                            by: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                            pinned: boolean;
                        };
                        /** @description Whether a message that would disappear is kept */
                        kept?: {
                            by: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            at: number;
                            kept: boolean;
                        };
                        starred?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagesReaction: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messages.reaction";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody reacted to a message, or took it back */
                    data: {
                        id: string;
                        /** @description JID */
                        chat: string;
                        /** @description Whether the message is ours */
                        fromMe: boolean;
                        sender: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @description Unix ms */
                        at: number;
                        /** @description Empty: taken back */
                        emoji: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagesDelete: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messages.delete";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Messages were deleted for this number alone, on one of its devices */
                    data: {
                        chat: string;
                        /** @description None: all of the chat */
                        ids?: string[];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagesMediaUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messages.media-update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description The file of a message was stored, or could not be fetched */
                    data: {
                        id: string;
                        /** @description JID */
                        chat: string;
                        media: {
                            /** @description Its id under `/v1/media`, once `status` is `stored` */
                            id?: string;
                            /**
                             * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                             * @enum {unknown}
                             */
                            status: "pending" | "stored" | "failed" | "skipped";
                            /** @description Why it could not be fetched */
                            error?: string;
                            mimeType?: string;
                            fileName?: string;
                            /** @description Bytes */
                            size?: number;
                            /** @description Of the file, as hex */
                            sha256?: string;
                            seconds?: number;
                            width?: number;
                            height?: number;
                            animated?: boolean;
                            gif?: boolean;
                            waveform?: number[];
                        };
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessageReceiptUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "message-receipt.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody in a group, or of the audience of a status, got or saw messages */
                    data: {
                        chat: string;
                        ids: string[];
                        /** @enum {unknown} */
                        status: "delivered" | "read" | "played";
                        participant: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @description Unix ms */
                        at: number;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessagingHistoryStatus: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "messaging-history.status";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A part of the history that the phone sends after pairing, or on request, has been stored */
                    data: {
                        /** @description Percent */
                        progress?: number;
                        /** @description Stored with this part */
                        messages: number;
                        chats: number;
                        contacts: number;
                        complete: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onPresenceUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "presence.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody came online, went, types or records. Only while connected, of chats that were subscribed to */
                    data: {
                        /** @description JID */
                        chat: string;
                        participant: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @enum {unknown} */
                        presence: "available" | "unavailable" | "composing" | "recording" | "paused";
                        /** @description Unix ms, if they show it */
                        lastSeen?: number;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onChatsUpsert: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "chats.upsert";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Chats that are new here */
                    data: {
                        chats: components["schemas"]["Chat"][];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onChatsUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "chats.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Chats were archived, pinned, muted, read… on one of the devices */
                    data: {
                        chats: {
                            jid?: string;
                            name?: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            lid?: string;
                            isGroup?: boolean;
                            /** @description -1: marked as unread */
                            unread?: number;
                            archived?: boolean;
                            /** @description Unix ms; 0: not pinned */
                            pinnedAt?: number;
                            /** @description Unix ms; 0: not muted; -1: for ever */
                            mutedUntil?: number;
                            ephemeralSeconds?: number;
                            readOnly?: boolean;
                            /** @description Unix ms */
                            lastMessageAt?: number;
                            lastMessage?: {
                                /** @description The message's id on WhatsApp */
                                id: string;
                                /** @description JID of the chat; `status@broadcast` for a status update */
                                chat: string;
                                fromMe: boolean;
                                sender: {
                                    /** @description As WhatsApp addressed it */
                                    jid: string;
                                    /** @description Digits only, if known */
                                    phone?: string;
                                    /** @description If known */
                                    lid?: string;
                                    /** @description The name that they gave themselves */
                                    pushName?: string;
                                };
                                /** @description Unix ms, by WhatsApp's clock */
                                timestamp: number;
                                /**
                                 * @description `text`: Text, with or without a link preview. `image`: A picture. `video`: A video; `gif` if it plays silently in a loop. `video-note`: A round video message. `audio`: A sound file. `voice`: A voice message. `document`: A file. `sticker`: A sticker. `location`: A place. `live-location`: A place that moves. `contacts`: One or more contact cards. `poll`: A poll; votes follow as `messages.update`. `event`: An event; responses follow as `messages.update`. `album`: The cover of pictures and videos that follow as messages of their own. `group-invite`: An invitation into a group. `product`: A product of a catalogue. `order`: An order. `buttons`: Text with buttons. `list`: Text with a list to choose from. `template`: A template of a business. `interactive`: An interactive message of a business. `button-reply`: A button was pressed. `list-reply`: An entry of a list was chosen. `template-reply`: A button of a template was pressed. `interactive-reply`: An interactive message was answered. `contact-request`: Somebody asks for the phone number. `call`: A call or a call link, as the chat shows it. `payment`: A payment, or the request for one. `unreadable`: It could not be decrypted; the sender has been asked to send it again. `other`: Anything else: `type` has its name on the wire
                                 * @enum {unknown}
                                 */
                                kind: "text" | "image" | "video" | "video-note" | "audio" | "voice" | "document" | "sticker" | "location" | "live-location" | "contacts" | "poll" | "event" | "album" | "group-invite" | "product" | "order" | "buttons" | "list" | "template" | "interactive" | "button-reply" | "list-reply" | "template-reply" | "interactive-reply" | "contact-request" | "call" | "payment" | "unreadable" | "other";
                                /** @description Baileys' name of the content, such as `imageMessage` */
                                type?: string;
                                /** @description The text, or the caption of a file */
                                text?: string;
                                /** @description The caption alone */
                                caption?: string;
                                /** @description Id of the message that this one answers */
                                quotedId?: string;
                                quoted?: {
                                    id: string;
                                    /** @description JID */
                                    sender?: string;
                                    kind?: string;
                                    text?: string;
                                };
                                mentions?: string[];
                                mentionsAll?: boolean;
                                /** @description How often it has been forwarded */
                                forwarded?: number;
                                /** @description Seconds after which it disappears */
                                expiration?: number;
                                viewOnce?: boolean;
                                /** @description Id of the album that it belongs to */
                                albumId?: string;
                                media?: {
                                    /** @description Its id under `/v1/media`, once `status` is `stored` */
                                    id?: string;
                                    /**
                                     * @description `pending`: Being fetched, or waits for the next try. `stored`: Stored: fetch it by its id. `failed`: Given up after several tries; ask for it again with POST …/messages/{id}/media. `skipped`: Not fetched: switched off for this instance, or larger than the limit
                                     * @enum {unknown}
                                     */
                                    status: "pending" | "stored" | "failed" | "skipped";
                                    /** @description Why it could not be fetched */
                                    error?: string;
                                    mimeType?: string;
                                    fileName?: string;
                                    /** @description Bytes */
                                    size?: number;
                                    /** @description Of the file, as hex */
                                    sha256?: string;
                                    seconds?: number;
                                    width?: number;
                                    height?: number;
                                    animated?: boolean;
                                    gif?: boolean;
                                    waveform?: number[];
                                };
                                location?: {
                                    latitude: number;
                                    longitude: number;
                                    name?: string;
                                    address?: string;
                                };
                                contacts?: {
                                    name: string;
                                    phones: string[];
                                    vcard: string;
                                }[];
                                poll?: {
                                    name: string;
                                    options: string[];
                                    /** @description How many options one may choose; 0 for any number */
                                    selectable: number;
                                };
                                event?: {
                                    name: string;
                                    description?: string;
                                    /** @description Unix ms */
                                    startsAt?: number;
                                    /** @description Unix ms */
                                    endsAt?: number;
                                    location?: {
                                        latitude: number;
                                        longitude: number;
                                        name?: string;
                                        address?: string;
                                    };
                                    callLink?: string;
                                    cancelled?: boolean;
                                };
                                reply?: {
                                    /** @description Id of the button or entry */
                                    id?: string;
                                    text?: string;
                                };
                                /** @description The whole message as Baileys has it, if the instance is set to `rawMessages` */
                                raw?: {
                                    [key: string]: unknown;
                                };
                            };
                        }[];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onChatsDelete: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "chats.delete";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Chats were deleted */
                    data: {
                        jids: string[];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onContactsUpsert: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "contacts.upsert";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Contacts that are new here */
                    data: {
                        contacts: components["schemas"]["Contact"][];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onContactsUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "contacts.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Contacts changed their name, or their picture (`picture`: `changed` or `removed`) */
                    data: {
                        contacts: {
                            jid?: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            lid?: string;
                            /** @description As this number's phone book has it */
                            name?: string;
                            /** @description As they call themselves */
                            pushName?: string;
                            /** @description Of a business */
                            verifiedName?: string;
                            about?: string;
                            /** @enum {unknown} */
                            picture?: "changed" | "removed";
                        }[];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onLidMappingUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "lid-mapping.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description It became known which phone number a LID belongs to */
                    data: {
                        lid: string;
                        /** @description Digits only */
                        phone: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onBlocklistUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "blocklist.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody was blocked or unblocked on one of the devices */
                    data: {
                        /** @enum {unknown} */
                        type: "add" | "remove";
                        jids: string[];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCall: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "call";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody calls, or a call has ended */
                    data: {
                        id: string;
                        chat: string;
                        from: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @description `offer`, `ringing`, `accept`, `reject`, `timeout`, `terminate`, as Baileys names it */
                        status: string;
                        video: boolean;
                        group: boolean;
                        /** @description Unix ms */
                        at: number;
                        /** @description It rang while the instance was away */
                        offline: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onLabelsEdit: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "labels.edit";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A label was created, changed or deleted */
                    data: {
                        id: string;
                        name: string;
                        color: number;
                        deleted: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onLabelsAssociation: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "labels.association";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A label was put on a chat or message, or taken off */
                    data: {
                        /** @enum {unknown} */
                        type: "add" | "remove";
                        label: string;
                        chat: string;
                        messageId?: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onAccountRestriction: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "account.restriction";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description WhatsApp restricts the number, or warns: messages to strangers fail with code 463 */
                    data: {
                        /** @enum {unknown} */
                        kind: "reachout-timelock" | "new-chat-cap";
                        active: boolean;
                        /** @description Unix ms */
                        until?: number;
                        /** @description WhatsApp's name for it */
                        type?: string;
                        used?: number;
                        total?: number;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onGroupsUpsert: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "groups.upsert";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Groups that this number is in now */
                    data: {
                        groups: components["schemas"]["Group"][];
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onGroupsUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "groups.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A group changed its subject, description, settings or invite code */
                    data: {
                        /** @description What changed, and `jid` */
                        group: {
                            jid?: string;
                            subject?: string;
                            description?: string;
                            owner?: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                            };
                            /** @description Unix ms */
                            createdAt?: number;
                            /** @description How many members */
                            size?: number;
                            participants?: {
                                /** @description As WhatsApp addressed it */
                                jid: string;
                                /** @description Digits only, if known */
                                phone?: string;
                                /** @description If known */
                                lid?: string;
                                /** @description The name that they gave themselves */
                                pushName?: string;
                                /** @enum {unknown} */
                                role: "member" | "admin" | "superadmin";
                            }[];
                            /** @description Only admins may write */
                            announcement?: boolean;
                            /** @description Only admins may change subject, description and picture */
                            locked?: boolean;
                            /** @description Messages disappear after so many seconds */
                            ephemeralSeconds?: number;
                            /** @description Every member may add others */
                            membersAdd?: boolean;
                            /** @description Admins approve who joins */
                            joinApproval?: boolean;
                            /** @description JID of the community that it belongs to */
                            community?: string;
                            isCommunity?: boolean;
                            /** @enum {unknown} */
                            addressing?: "pn" | "lid";
                        };
                        by?: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @description The new one, if it was changed */
                        inviteCode?: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onGroupParticipantsUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "group-participants.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Members were added, removed, made admins or not */
                    data: {
                        /** @description JID */
                        group: string;
                        /** @enum {unknown} */
                        action: "add" | "remove" | "promote" | "demote" | "modify";
                        participants: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        }[];
                        by?: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onGroupJoinRequest: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "group.join-request";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Somebody asks to join a group that admins approve */
                    data: {
                        group: string;
                        participant: {
                            /** @description As WhatsApp addressed it */
                            jid: string;
                            /** @description Digits only, if known */
                            phone?: string;
                            /** @description If known */
                            lid?: string;
                            /** @description The name that they gave themselves */
                            pushName?: string;
                        };
                        /** @description `created`, `revoked` or `rejected` */
                        action: string;
                        method?: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onNewsletterUpdate: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "newsletter.update";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description Something happened in a channel that this number follows */
                    data: {
                        newsletter: string;
                        /** @enum {unknown} */
                        kind: "reaction" | "view" | "participants" | "settings";
                        details: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookFailing: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "webhook.failing";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A webhook fails. Told once, until it has recovered */
                    data: {
                        /** @description Id of the webhook */
                        webhook: string;
                        /** @description Since when it fails (Unix ms) */
                        since: number;
                        /**
                         * @description `event`: one event has failed several times. `breaker`: so many failed in a row that attempts are paused
                         * @enum {unknown}
                         */
                        reason: "event" | "breaker";
                        /** @description The event that failed last */
                        eventId: string;
                        /** @description What the last attempt was answered with */
                        status?: number;
                        /** @description Why the last attempt failed */
                        error?: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookRecovered: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "webhook.recovered";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A webhook that was failing takes events again */
                    data: {
                        /** @description Id of the webhook */
                        webhook: string;
                        /** @description Since when it fails (Unix ms) */
                        since: number;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookDisabled: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "webhook.disabled";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description A webhook was switched off: it answered 410, or failed for days */
                    data: {
                        /** @description Id of the webhook */
                        webhook: string;
                        reason: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookDeadLetter: {
        parameters: {
            query?: never;
            header: {
                /** @description The event's id: the same each time it comes */
                "webhook-id": string;
                /** @description When this attempt was made, in Unix seconds */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over `id.timestamp.body`, as `v1,` and base64; one for each secret that is valid, separated by spaces */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "webhook.dead-letter";
                    instance: string;
                    sequence: number;
                    /** @description Unix ms */
                    occurredAt: number;
                    /** @description An event was given up. Told at most once an hour for each webhook; the list has them all */
                    data: {
                        /** @description Id of the webhook */
                        webhook: string;
                        /** @description Id of the dead letter */
                        deadLetter: string;
                        eventId: string;
                        /** @description The instance of that event */
                        source: string;
                        eventType: string;
                    };
                };
            };
        };
        responses: {
            /** @description It has arrived. Anything else is a failure, and it comes again */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
