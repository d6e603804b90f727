import type { screen as korean } from './ko.screen'

/** What a customer's screen says in English, and its part of the device page. */
export const screen: Record<keyof typeof korean, string> = {
  'screen.welcome': 'Welcome.',
  'screen.moment': 'One moment, please.',
  'screen.goods': 'Your goods',
  'screen.before': 'Before discount',
  'screen.off': 'Discount',
  'screen.sum': 'Total',
  'screen.given': 'Paid so far',
  'screen.due': 'To pay',
  'screen.card': 'Card payment',
  'screen.insertCard': 'Please insert or tap your card.',
  'screen.removeCard': 'Please take your card.',
  'screen.enterPin': 'Please enter your PIN.',
  'screen.askingHost': 'The payment is being made.',
  'screen.sign': 'Please sign.',
  'screen.wait': 'Please look at the terminal.',
  'screen.checking': 'We are checking the payment. One moment, please.',
  'screen.failed': 'Nothing was charged. You can pay with another card or in cash.',
  'screen.refund': 'Your refund',
  'screen.paid': 'Paid.',
  'screen.refunded': 'Refunded.',
  'screen.thanks': 'Thank you. Goodbye.',
  'screen.other': '한국어',
  'screen.pairTitle': 'Show this to customers?',
  'screen.pairHow': 'Type this number at the counter, under Devices > Customer screens.',
  'screen.code': 'Pairing number',
  'screen.toCounter': 'To the counter',

  screens: 'Customer screens',
  'screens.how':
    'Open {address} on a second monitor or tablet, and type the number it shows in here.',
  'screens.code': 'Number on the customer screen',
  'screens.pair': 'Connect',
  'screens.paired': 'The customer screen is connected.',
  'screens.here': 'Make this device a customer screen',
  'screens.hereHow':
    'Signs you out here and shows only what customers see. To undo it, remove it from another device, or open {address} here.',
  'screens.since': 'Connected {when} by {by}',
  'screens.remove': 'Remove {name}',
  'screens.removed': '{name} was removed. It shows a new number now.',
}
