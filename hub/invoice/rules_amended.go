package invoice

// amendedRules are those that tell amended documents from others.
func amendedRules() []Rule {
	return []Rule{
		{
			Code:     "amendment",
			Sentence: "an amended document must name one of six reasons, any other document none",
			Korean:   "수정 문서에는 수정사유 여섯 가지 가운데 하나를 적고, 다른 문서에는 적지 않습니다",
			Source:   "부가가치세법 시행령 70",
			broken: func(i *Invoice) []string {
				a := i.Document.Amendment
				bad := i.Document.Type.Amended() && !a.Valid() || !i.Document.Type.Amended() && a != ""
				return when(bad, pathDocument+"AmendmentStatusCode")
			},
		},
		{
			// The number is not asked for on every amended document: one may
			// amend a document on paper.
			Code:     "original_id",
			Sentence: "the original's approval number must be 24 characters, another document's, and only on an amended one",
			Korean:   "당초 승인번호는 수정 문서에만, 다른 문서의 24자리 번호로 적습니다",
			Source:   "부가가치세법 시행령 70", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				id := i.Document.OriginalIssueID
				if id == "" {
					return nil
				}
				_, err := ParseApprovalNumber(id)
				bad := err != nil || !i.Document.Type.Amended() || id == i.Document.IssueID
				return when(bad, pathDocument+"OriginalIssueID")
			},
		},
		{
			Code: "amendment_sign", Sentence: "a return and a cancellation must carry a minus",
			Korean: "환입과 계약의 해제는 금액을 음수로 적어야 합니다", Source: "부가가치세법 시행령 70①1, 2",
			broken: func(i *Invoice) []string {
				a := i.Document.Amendment
				bad := (a == AmendReturn || a == AmendCancellation) && i.Totals.Grand > 0
				return when(bad, pathSums+"GrandTotalAmount")
			},
		},
		{
			Code:     "amendment_credit",
			Sentence: "a local credit opened later gives a zero-rated document, and a general one only with a minus",
			Korean:   "내국신용장 사후개설은 영세율 문서로 발급하고, 일반 문서는 음수로만 발급합니다",
			Source:   "부가가치세법 시행령 70①4",
			broken: func(i *Invoice) []string {
				t := i.Document.Type
				bad := i.Document.Amendment == AmendLocalCredit && (t.Exempt() || !t.ZeroRated() && i.Totals.Grand > 0)
				return when(bad, pathDocument+"TypeCode")
			},
		},
	}
}
