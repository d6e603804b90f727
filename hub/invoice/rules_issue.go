package invoice

import "strings"

// IssueRules are further rules for documents made here, on a day in Korea.
// Documents of others that break them are still read and kept.
func IssueRules(today Date) []Rule {
	return []Rule{
		{
			Code: "date_future", Sentence: "the written date must not lie in the future",
			Korean: "작성일자는 오늘보다 늦을 수 없습니다", Source: "부가가치세법 34; inspection of issuing systems", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				return when(i.Document.WrittenOn > today, pathDocument+"IssueDateTime")
			},
		},
		{
			Code: "import_issue", Sentence: "customs issue import documents; they can only be received",
			Korean: "수입세금계산서는 세관장만 발급합니다. 받아서 보관할 수만 있습니다", Source: "부가가치세법 35",
			broken: func(i *Invoice) []string { return when(i.Document.Type.Import(), pathDocument+"TypeCode") },
		},
		{
			Code: "purpose_old", Sentence: "billed must be written as 02, not as the old 18",
			Korean: "청구는 예전 코드 18이 아니라 02로 적어야 합니다", Source: "KEC 3.0 PurposeCode", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				return when(i.Document.Purpose == PurposeBilledOld, pathDocument+"PurposeCode")
			},
		},
		{
			Code: "sequence_missing", Sentence: "every line must have its number",
			Korean: "품목마다 순번을 적어야 합니다", Source: "KEC 3.0 SequenceNumeric", Unconfirmed: true,
			broken: eachLine("SequenceNumeric", func(l Line) bool { return l.Sequence == "" }),
		},
		{
			Code: "amendment_original", Sentence: "an amended electronic document must name the approval number of its original",
			Korean: "수정 문서에는 당초 승인번호를 적어야 합니다", Source: "KEC 3.0 OriginalIssueID", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				return when(i.Document.Type.Amended() && i.Document.OriginalIssueID == "", pathDocument+"OriginalIssueID")
			},
		},
		{
			Code:     "amendment_remark",
			Sentence: "the remarks must hold the original's written date, or the day the local credit was opened",
			Korean:   "비고에 처음 작성일자(사후개설은 내국신용장 개설일)를 덧붙여 적어야 합니다", Source: "부가가치세법 시행령 70①1 to 4",
			broken: func(i *Invoice) []string {
				return when(i.Document.Amendment.remarked() && blank(i.Document.Remarks), pathDocument+"DescriptionText")
			},
		},
	}
}

// remarked reasons write a date into the remarks.
func (a AmendmentCode) remarked() bool {
	return a == AmendPrice || a == AmendReturn || a == AmendCancellation || a == AmendLocalCredit
}

// blank reports whether no remark says anything.
func blank(remarks []string) bool { return strings.TrimSpace(strings.Join(remarks, "")) == "" }
