import type { RequestName } from '@flotilla/contracts';
import { createCallLink, rejectCall } from './calls.ts';
import { clearChat, deleteChat, fetchHistory, markRead, modifyChat } from './chats.ts';
import { checkNumbers } from './check-numbers.ts';
import {
  block,
  getAbout,
  getBlocklist,
  getBusiness,
  getPicture,
  removeContact,
  saveContact,
  unblock,
} from './contacts.ts';
import {
  answerJoinRequests,
  changeParticipants,
  createGroup,
  getGroup,
  getInvite,
  inviteInfo,
  joinGroup,
  leaveGroup,
  listGroups,
  listJoinRequests,
  revokeInvite,
  updateGroup,
} from './groups.ts';
import type { RequestHandler } from './handler.ts';
import { associateLabel, removeLabel, saveLabel } from './labels.ts';
import { deleteForMe, fetchMedia, rawMessage, starMessage } from './messages.ts';
import { follow, getNewsletter, unfollow } from './newsletters.ts';
import { removeGroupPicture, removePicture, setGroupPicture, setPicture } from './pictures.ts';
import { setChatPresence, setPresence, subscribe } from './presence.ts';
import { getPrivacy, setPrivacy } from './privacy.ts';
import { getProfile, getRestrictions, setAbout, setName } from './profile.ts';

/** One for each request of the catalog. */
export const handlers: { [N in RequestName]: RequestHandler<N> } = {
  'presence.set': setPresence,
  'chat.presence': setChatPresence,
  'chat.subscribe': subscribe,
  'chat.read': markRead,
  'chat.modify': modifyChat,
  'chat.delete': deleteChat,
  'chat.clear': clearChat,
  'chat.fetch-history': fetchHistory,
  'message.star': starMessage,
  'message.delete-for-me': deleteForMe,
  'message.fetch-media': fetchMedia,
  'message.raw': rawMessage,
  'call.reject': rejectCall,
  'call.link': createCallLink,
  'contacts.check': checkNumbers,
  'contact.picture': getPicture,
  'contact.about': getAbout,
  'contact.business': getBusiness,
  'contact.save': saveContact,
  'contact.remove': removeContact,
  'contact.block': block,
  'contact.unblock': unblock,
  'blocklist.get': getBlocklist,
  'label.save': saveLabel,
  'label.remove': removeLabel,
  'label.associate': associateLabel,
  'groups.list': listGroups,
  'group.create': createGroup,
  'group.get': getGroup,
  'group.update': updateGroup,
  'group.participants': changeParticipants,
  'group.leave': leaveGroup,
  'group.picture': setGroupPicture,
  'group.remove-picture': removeGroupPicture,
  'group.invite': getInvite,
  'group.revoke-invite': revokeInvite,
  'group.invite-info': inviteInfo,
  'group.join': joinGroup,
  'group.join-requests': listJoinRequests,
  'group.answer-join-requests': answerJoinRequests,
  'profile.get': getProfile,
  'profile.name': setName,
  'profile.about': setAbout,
  'profile.picture': setPicture,
  'profile.remove-picture': removePicture,
  'privacy.get': getPrivacy,
  'privacy.set': setPrivacy,
  'account.restrictions': getRestrictions,
  'newsletter.get': getNewsletter,
  'newsletter.follow': follow,
  'newsletter.unfollow': unfollow,
};
