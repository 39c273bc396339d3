import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Author } from './author.ts';
import { upload } from './compose-media.ts';
import type { ContentOf } from './outgoing-content.ts';

type BusinessContent = ContentOf<
  | 'product'
  | 'order'
  | 'list'
  | 'buttons'
  | 'template'
  | 'interactive'
  | 'list-reply'
  | 'button-reply'
  | 'interactive-reply'
>;

/** What businesses send, and what people answer. */
export function composeBusiness(content: BusinessContent, author: Author): proto.IMessage | Promise<proto.IMessage> {
  switch (content.kind) {
    case 'product':
      return composeProduct(content, author);
    case 'order':
      return {
        orderMessage: {
          orderId: content.id,
          orderTitle: content.title,
          message: content.text,
          itemCount: content.items,
          totalAmount1000: content.total === undefined ? undefined : Math.round(content.total * 1000),
          totalCurrencyCode: content.currency,
          token: content.token,
          sellerJid: author.jidOf(author.person),
          status: proto.Message.OrderMessage.OrderStatus.INQUIRY,
          surface: proto.Message.OrderMessage.OrderSurface.CATALOG,
        },
      };
    case 'list':
      return {
        listMessage: {
          title: content.title,
          description: content.text,
          footerText: content.footer,
          buttonText: content.button,
          listType: proto.Message.ListMessage.ListType.SINGLE_SELECT,
          sections: content.sections.map(({ title, rows }) => ({
            title,
            rows: rows.map(({ id, ...row }) => ({ ...row, rowId: id })),
          })),
        },
      };
    case 'buttons':
      return {
        buttonsMessage: {
          contentText: content.text,
          footerText: content.footer,
          headerType: proto.Message.ButtonsMessage.HeaderType.EMPTY,
          buttons: content.buttons.map(({ id, text }) => ({
            buttonId: id,
            buttonText: { displayText: text },
            type: proto.Message.ButtonsMessage.Button.Type.RESPONSE,
          })),
        },
      };
    case 'template':
      return {
        templateMessage: {
          hydratedTemplate: {
            hydratedTitleText: content.title,
            hydratedContentText: content.text,
            hydratedFooterText: content.footer,
            hydratedButtons: content.buttons.map(templateButton),
          },
        },
      };
    case 'interactive':
      return {
        interactiveMessage: {
          header: { title: content.title },
          body: { text: content.text },
          footer: { text: content.footer },
          nativeFlowMessage: {
            messageVersion: 1,
            buttons: content.buttons.map(({ name, parameters }) => ({
              name,
              buttonParamsJson: JSON.stringify(parameters),
            })),
          },
        },
      };
    case 'list-reply':
      return {
        listResponseMessage: {
          title: content.title,
          description: content.description,
          listType: proto.Message.ListResponseMessage.ListType.SINGLE_SELECT,
          singleSelectReply: { selectedRowId: content.id },
        },
      };
    case 'button-reply':
      return content.of === 'template'
        ? {
            templateButtonReplyMessage: { selectedId: content.id, selectedDisplayText: content.text, selectedIndex: 0 },
          }
        : {
            buttonsResponseMessage: {
              selectedButtonId: content.id,
              selectedDisplayText: content.text,
              type: proto.Message.ButtonsResponseMessage.Type.DISPLAY_TEXT,
            },
          };
    case 'interactive-reply':
      return {
        interactiveResponseMessage: {
          body: { text: content.text },
          nativeFlowResponseMessage: {
            name: content.name,
            paramsJson: JSON.stringify(content.parameters),
            version: 3,
          },
        },
      };
  }
}

async function composeProduct(content: ContentOf<'product'>, author: Author): Promise<proto.IMessage> {
  const { id, title, description, currency, price, url, body, footer } = content;
  return {
    productMessage: {
      product: {
        productImage: await upload('image', content, 'image/jpeg', author),
        productId: id,
        title,
        description,
        currencyCode: currency,
        priceAmount1000: price === undefined ? undefined : Math.round(price * 1000),
        url,
        productImageCount: 1,
      },
      businessOwnerJid: author.jidOf(author.person),
      body,
      footer,
    },
  };
}

function templateButton(
  { text: displayText, id, url, phone }: ContentOf<'template'>['buttons'][number],
  index: number,
): proto.IHydratedTemplateButton {
  if (url) return { index, urlButton: { displayText, url } };
  if (phone) return { index, callButton: { displayText, phoneNumber: phone } };
  return { index, quickReplyButton: { displayText, id } };
}
