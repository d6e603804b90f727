package invoice

// headRules are those of ExchangedDocument and TaxInvoiceDocument.
func headRules() []Rule {
	return append([]Rule{
		{
			Code: "issued_at", Sentence: "the time of issue must be a time of fourteen digits",
			Korean: "발급일시는 있는 날짜와 시각 14자리여야 합니다", Source: "KEC 3.0 ExchangedDocument",
			broken: func(i *Invoice) []string {
				return when(!i.Exchange.IssuedAt.Valid(), pathExchange+"IssueDateTime")
			},
		},
		{
			Code: "issue_id", Sentence: "the approval number must be 24 characters that begin with a date",
			Korean: "승인번호는 날짜로 시작하는 24자리여야 합니다", Source: "KEC 3.0 IssueID",
			broken: func(i *Invoice) []string {
				_, err := ParseApprovalNumber(i.Document.IssueID)
				return when(err != nil, pathDocument+"IssueID")
			},
		},
		{
			Code: "issue_id_date", Sentence: "the approval number must begin with the written date",
			Korean: "승인번호의 앞 8자리는 작성일자와 같아야 합니다", Source: "KEC 3.0 IssueID",
			broken: func(i *Invoice) []string {
				n, err := ParseApprovalNumber(i.Document.IssueID)
				return when(err == nil && n.Date != i.Document.WrittenOn, pathDocument+"IssueID")
			},
		},
		{
			Code: "type_code", Sentence: "the type must be a known class and kind",
			Korean: "문서 종류는 정해진 분류와 종류 코드여야 합니다", Source: "KEC 3.0 TypeCode",
			broken: func(i *Invoice) []string { return when(!i.Document.Type.Known(), pathDocument+"TypeCode") },
		},
		{
			Code: "type_exempt_zero", Sentence: "an exempt document cannot be zero-rated",
			Korean: "면세 계산서에는 영세율을 쓸 수 없습니다", Source: "소득세법 163", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				t := i.Document.Type
				return when(t.Known() && t.Exempt() && t.ZeroRated(), pathDocument+"TypeCode")
			},
		},
		{
			Code: "remarks_count", Sentence: "there must be at most three remarks",
			Korean: "비고는 세 개까지 적을 수 있습니다", Source: "KEC 3.0 DescriptionText",
			broken: func(i *Invoice) []string {
				return when(len(i.Document.Remarks) > MaxRemarks, pathDocument+"DescriptionText")
			},
		},
		{
			Code: "written_on", Sentence: "the written date must be a day of eight digits",
			Korean: "작성일자는 있는 날짜 8자리여야 합니다", Source: "부가가치세법 32①4",
			broken: func(i *Invoice) []string {
				return when(!i.Document.WrittenOn.Valid(), pathDocument+"IssueDateTime")
			},
		},
		{
			Code: "purpose", Sentence: "the purpose must be 01 received or 02 billed, unless customs issue the document",
			Korean: "영수(01)인지 청구(02)인지 적어야 합니다", Source: "KEC 3.0 PurposeCode", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				p := i.Document.Purpose
				bad := p != "" && !p.Valid() || p == "" && !i.Document.Type.Import()
				return when(bad, pathDocument+"PurposeCode")
			},
		},
	}, importRules()...)
}

// importRules are those of ReferencedImportDocument.
func importRules() []Rule {
	return []Rule{
		{
			Code: "import", Sentence: "only an import document carries an import declaration",
			Korean: "수입신고 내용은 수입세금계산서에만 적습니다", Source: "부가가치세법 35",
			broken: func(i *Invoice) []string {
				return when(i.Document.Import != nil && !i.Document.Type.Import(), pathImport)
			},
		},
		{
			Code: "import_quantity", Sentence: "the count of import declarations must be a number",
			Korean: "수입신고 총건은 숫자여야 합니다", Source: "KEC 3.0 ItemQuantity",
			broken: func(i *Invoice) []string {
				return when(i.Document.Import != nil && !digits(i.Document.Import.Quantity), pathImport+"/ItemQuantity")
			},
		},
		{
			Code: "import_period", Sentence: "the days of the import period must be days of eight digits in order",
			Korean: "수입 일괄발급 기간의 시작일과 종료일은 순서가 맞는 날짜여야 합니다", Source: "KEC 3.0 AcceptablePeriod",
			broken: func(i *Invoice) []string {
				d := i.Document.Import
				bad := d != nil && d.From+d.To != "" && (!d.From.Valid() || !d.To.Valid() || d.From > d.To)
				return when(bad, pathImport+"/AcceptablePeriod")
			},
		},
	}
}
