/** What the screens say in Korean of the shop's own paper: logo and labels. */
export const paper = {
  logo: '영수증 로고',
  'logo.how':
    '가게 그림이나 글씨를 영수증 맨 위에 넣어요. PNG나 JPEG, 4MB까지예요. 흰 바탕에 진한 그림이 가장 또렷해요.',
  'logo.paper': '종이에는 이렇게 나와요.',
  'logo.file': '로고 파일',
  'logo.choose': '그림 고르기',
  'logo.other': '다른 그림 고르기',
  'logo.busy': '그림을 다듬고 있어요…',
  'logo.remove': '로고 빼기',
  'logo.removeNow': '영수증에서 로고 지우기',
}
