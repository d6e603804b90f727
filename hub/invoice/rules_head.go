package invoice

// headRules are those of ExchangedDocument and TaxInvoiceDocument.
func headRules() []Rule {
	return []Rule{
		{
			Code: "issued_at", Sentence: "the time of issue must be a time of fourteen digits",
			Source: "KEC 3.0 ExchangedDocument",
			broken: func(i *Invoice) []string {
				return when(!i.Exchange.IssuedAt.Valid(), pathExchange+"IssueDateTime")
			},
		},
		{
			Code: "issue_id", Sentence: "the approval number must be 24 characters that begin with a date",
			Source: "KEC 3.0 IssueID",
			broken: func(i *Invoice) []string {
				_, err := ParseApprovalNumber(i.Document.IssueID)
				return when(err != nil, pathDocument+"IssueID")
			},
		},
		{
			Code: "issue_id_date", Sentence: "the approval number must begin with the written date",
			Source: "KEC 3.0 IssueID",
			broken: func(i *Invoice) []string {
				n, err := ParseApprovalNumber(i.Document.IssueID)
				return when(err == nil && n.Date != i.Document.WrittenOn, pathDocument+"IssueID")
			},
		},
		{
			Code: "type_code", Sentence: "the type must be a known class and kind", Source: "KEC 3.0 TypeCode",
			broken: func(i *Invoice) []string { return when(!i.Document.Type.Valid(), pathDocument+"TypeCode") },
		},
		{
			Code: "remarks_count", Sentence: "there must be at most three remarks", Source: "KEC 3.0 DescriptionText",
			broken: func(i *Invoice) []string {
				return when(len(i.Document.Remarks) > 3, pathDocument+"DescriptionText")
			},
		},
		{
			Code: "written_on", Sentence: "the written date must be a day of eight digits",
			Source: "부가가치세법 32①4",
			broken: func(i *Invoice) []string {
				return when(!i.Document.WrittenOn.Valid(), pathDocument+"IssueDateTime")
			},
		},
		{
			Code: "purpose", Sentence: "the purpose must be 01 received or 02 billed, unless customs issue the document",
			Source: "KEC 3.0 PurposeCode", Unconfirmed: true,
			broken: func(i *Invoice) []string {
				p := i.Document.Purpose
				bad := p != "" && !p.Valid() || p == "" && !i.Document.Type.Import()
				return when(bad, pathDocument+"PurposeCode")
			},
		},
		{
			Code: "import", Sentence: "only an import document carries an import declaration",
			Source: "부가가치세법 35",
			broken: func(i *Invoice) []string {
				bad := i.Document.Import != nil && !i.Document.Type.Import()
				return when(bad, pathDocument+"ReferencedImportDocument")
			},
		},
		{
			Code: "import_period", Sentence: "the days of the import period must be days of eight digits in order",
			Source: "KEC 3.0 AcceptablePeriod",
			broken: func(i *Invoice) []string {
				d := i.Document.Import
				bad := d != nil && d.From+d.To != "" && (!d.From.Valid() || !d.To.Valid() || d.From > d.To)
				return when(bad, pathDocument+"ReferencedImportDocument/AcceptablePeriod")
			},
		},
		amendmentRule(), originalRule(),
	}
}

func amendmentRule() Rule {
	return Rule{
		Code:     "amendment",
		Sentence: "an amended document must name one of six reasons, any other document none",
		Source:   "부가가치세법 시행령 70",
		broken: func(i *Invoice) []string {
			a := i.Document.Amendment
			bad := i.Document.Type.Amended() && !a.Valid() || !i.Document.Type.Amended() && a != ""
			return when(bad, pathDocument+"AmendmentStatusCode")
		},
	}
}

// originalRule does not ask for the number on every amended document: one may
// amend a document on paper.
func originalRule() Rule {
	return Rule{
		Code:     "original_id",
		Sentence: "the original's approval number must be 24 characters, another document's, and only on an amended one",
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
	}
}
