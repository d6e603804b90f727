/** What the screens say in English of the shop's own paper: logo and labels. */
export const paper = {
  logo: 'Receipt logo',
  'logo.how':
    'Puts your picture or lettering at the top of receipts. PNG or JPEG, up to 4 MB. Dark on white comes out clearest.',
  'logo.paper': 'This is how it looks on paper.',
  'logo.file': 'Logo file',
  'logo.choose': 'Choose a picture',
  'logo.other': 'Choose another picture',
  'logo.busy': 'Getting the picture ready…',
  'logo.remove': 'Remove logo',
  'logo.removeNow': 'Delete the logo from receipts',
}
