package catalog_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"shopbox/edge/catalog"
	"shopbox/protocol/money"
)

func known() catalog.Known {
	cost := money.Won(900)
	return catalog.Known{
		Products: []catalog.Product{
			{
				ID: "p1", Name: "아메리카노", Category: "c1", Price: 4500, Cost: &cost, VAT: money.Taxable,
				Barcodes: []string{"8801043014809"}, Unit: "잔", TrackStock: true,
			},
			{ID: "p2", Name: "상추", Category: "c2", Price: 0, VAT: money.Exempt, ByWeight: true, Unit: "kg"},
			{ID: "p3", Name: "소주", Price: 1900, VAT: money.Taxable, Barcodes: []string{"plu3", "0036000291452"}, Prompts: catalog.Prompts(19, "이름")},
			{ID: "p4", Name: "=1+1 '행사'", Price: 1000, VAT: money.Taxable, Archived: true},
			{ID: "p5", Name: "'=x", Price: 1000, VAT: money.Taxable, Unit: "-"},
			{ID: "p6", Name: "<b>\"굵게\"</b>, 줄", Price: 1000, VAT: money.Taxable},
		},
		Categories: []catalog.Category{{ID: "c1", Name: "음료"}, {ID: "c2", Name: "채소"}},
		Stock:      map[string]money.Milli{"p1": 12_000},
		VAT:        money.Taxable,
	}
}

// preview reads a file against what is known.
func preview(t *testing.T, file string) []catalog.RowResult {
	t.Helper()
	table, err := catalog.ReadTable([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	results, err := catalog.Preview(table, known())
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func TestPreview(t *testing.T) {
	t.Parallel()
	results := preview(t, strings.Join([]string{
		"상품 목록 2026",
		"",
		"상품명,바코드,판매가(원),매입가,분류,과세구분,단위,재고",
		"아메리카노,8801043014809,\"4,800원\",,,,,",
		"아메리카노 라지,4006381333931,5500,1100,음료,과세,잔,7",
		"상추,,,,,,,",
		"오이,,₩2500,,과일·채소,면세,개,3.5",
	}, "\r\n"))
	if len(results) != 4 {
		t.Fatalf("%d rows", len(results))
	}
	for i, want := range []struct {
		row    int
		action catalog.Action
		id     string
		price  money.Won
	}{
		{4, catalog.ActionUpdate, "p1", 4800},
		{5, catalog.ActionNew, "", 5500},
		{6, catalog.ActionSame, "p2", 0},
		{7, catalog.ActionNew, "", 2500},
	} {
		got := results[i]
		if got.Row != want.row || got.Action != want.action || got.Product.ID != want.id || got.Product.Price != want.price || len(got.Errors) != 0 {
			t.Errorf("row %d: %+v", want.row, got)
		}
	}
	if first := results[0].Product; first.Unit != "잔" || *first.Cost != 900 || first.VAT != money.Taxable || results[0].Stock != nil {
		t.Errorf("blank cells changed %+v", first)
	}
	if large := results[1]; large.Product.Category != "c1" || *large.Stock != 7000 || !large.Product.TrackStock {
		t.Errorf("%+v", large)
	}
	if cucumber := results[3]; cucumber.NewCategory != "과일·채소" || *cucumber.Stock != 3500 || cucumber.Product.VAT != money.Exempt {
		t.Errorf("%+v", cucumber)
	}
	if got := catalog.NewCategories(results); len(got) != 1 || got[0] != "과일·채소" {
		t.Errorf("new categories %v", got)
	}
	if got := catalog.Count(results); got[catalog.ActionNew] != 2 || got[catalog.ActionError] != 0 {
		t.Errorf("count %v", got)
	}
}

func TestPreviewNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	const head = "id,name,barcode,price,cost,category,vat,unit,stock,by weight,age,note,archived\n"
	for name, tt := range map[string]struct {
		row          string
		code, column string
		value        string
	}{
		"no name":       {",,,100", catalog.CodeMissing, "name", ""},
		"no price":      {",새것,,", catalog.CodeMissing, "price", ""},
		"price":         {",새것,,12.5", catalog.CodeInvalid, "price", "12.5"},
		"negative":      {",새것,,-100", catalog.CodeInvalid, "price", "-100"},
		"words":         {",새것,,공짜", catalog.CodeInvalid, "price", "공짜"},
		"absurd":        {",새것,,1000000000", catalog.CodeInvalid, "price", "1000000000"},
		"cost":          {",새것,,100,x", catalog.CodeInvalid, "cost", "x"},
		"vat":           {",새것,,100,,,반과세", catalog.CodeInvalid, "vat", "반과세"},
		"check digit":   {",새것,8801043014808,100", "bad_check_digit", "barcode", "8801043014808"},
		"rounded":       {",새것,8.80104E+12,100", catalog.CodeBarcodeRounded, "barcode", "8.80104E+12"},
		"receipt":       {",새것,R2611230001,100", "receipt_number", "barcode", "R2611230001"},
		"taken":         {"p2,,8801043014809,100", catalog.CodeBarcodeTaken, "barcode", "8801043014809"},
		"long unit":     {",새것,,100,,,,열 글자보다 긴 단위", catalog.CodeTooLong, "unit", "열 글자보다 긴 단위"},
		"stock":         {",새것,,100,,,,,많음", catalog.CodeInvalid, "stock", "많음"},
		"weight":        {",새것,,100,,,,,,아마", catalog.CodeInvalid, "by_weight", "아마"},
		"age":           {",새것,,100,,,,,,,성인", catalog.CodeInvalid, "age", "성인"},
		"old":           {",새것,,100,,,,,,,120", catalog.CodeInvalid, "age", "120"},
		"archived":      {",새것,,100,,,,,,,,,몰라", catalog.CodeInvalid, "archived", "몰라"},
		"long category": {",새것,,100,," + strings.Repeat("가", 41), catalog.CodeTooLong, "category", strings.Repeat("가", 41)},
		"long note":     {",새것,,100,,,,,,,," + strings.Repeat("가", 41), catalog.CodeTooLong, "note", strings.Repeat("가", 41)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results := preview(t, head+tt.row)
			if len(results) != 1 || results[0].Action != catalog.ActionError || len(results[0].Errors) != 1 {
				t.Fatalf("%+v", results)
			}
			if got := results[0].Errors[0]; got.Code != tt.code || got.Column != tt.column || got.Value != tt.value {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestPreviewNamesDuplicatesInTheFile(t *testing.T) {
	t.Parallel()
	results := preview(t, strings.Join([]string{
		"name,barcode,price",
		"새것,4006381333931,100",
		"다른 것,4006381333931 7,100",
		"이름만,,100",
		"이름만,,200",
		"아메리카노,,4500",
		"아메리카노,8801043014809,4600",
	}, "\n"))
	wants := []int{0, 2, 0, 4, 0, 6}
	for i, want := range wants {
		errors := results[i].Errors
		if want == 0 && len(errors) != 0 {
			t.Errorf("row %d: %+v", results[i].Row, errors)
		}
		if want != 0 && (len(errors) != 1 || errors[0].Code != catalog.CodeDuplicateInFile || errors[0].Other != want) {
			t.Errorf("row %d: %+v", results[i].Row, errors)
		}
	}
}

func TestPreviewOfStock(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]*money.Milli{
		"12": nil, "": nil, "13": new(money.Milli(13_000)), "-2.5": new(money.Milli(-2500)), "1,200": new(money.Milli(1_200_000)),
	} {
		results := preview(t, "name,price,stock\n아메리카노,4500,\""+cell+"\"")
		if got := results[0].Stock; !reflect.DeepEqual(got, want) || (results[0].Action == catalog.ActionSame) != (want == nil) {
			t.Errorf("%q: %v, %s", cell, got, results[0].Action)
		}
	}
}

func TestHeaderPrefersTheBetterWord(t *testing.T) {
	t.Parallel()
	results := preview(t, "상품코드,품명,단가,바코드,비고\nA-1,새것,100,4006381333931,x")
	if got := results[0].Product; len(got.Barcodes) != 1 || got.Barcodes[0] != "4006381333931" || got.Price != 100 {
		t.Errorf("%+v", got)
	}
}

func TestNoHeader(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "a,b\n1,2", "상품명\n물", strings.Repeat("x\n", 20) + "name,price\na,1"} {
		table, err := catalog.ReadTable([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := catalog.Preview(table, known()); !errors.Is(err, catalog.ErrNoHeader) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestEncodingsAndDelimiters(t *testing.T) {
	t.Parallel()
	const text = "상품명\t판매가\r\n똠방각하 펲시\t1500\r\n"
	cp949, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"utf-8":     []byte(text),
		"bom":       []byte("\ufeff" + text),
		"cp949":     cp949,
		"utf-16":    utf16,
		"semicolon": []byte(strings.ReplaceAll(text, "\t", ";")),
		"comma":     []byte(strings.ReplaceAll(text, "\t", ",")),
	} {
		results := preview(t, string(file))
		if len(results) != 1 || results[0].Product.Name != "똠방각하 펲시" || results[0].Product.Price != 1500 {
			t.Errorf("%s: %+v", name, results)
		}
	}
}

func TestReadTableRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"binary":       {[]byte("name\x00,price"), catalog.ErrFile},
		"no text":      {[]byte{0xff, 0xff, 0x80, 0x00}, catalog.ErrFile},
		"broken zip":   {[]byte("PK\x03\x04 and no more"), catalog.ErrFile},
		"old excel":    {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), catalog.ErrFileOld},
		"large":        {make([]byte, catalog.MaxFileBytes+1), catalog.ErrFileTooLarge},
		"many rows":    {[]byte(strings.Repeat("a\n", catalog.MaxRows+1)), catalog.ErrFileTooLarge},
		"empty rows":   {[]byte("a\n" + strings.Repeat("\n", catalog.MaxRows) + "b"), catalog.ErrFileTooLarge},
		"many columns": {[]byte(strings.Repeat(",", catalog.MaxColumns+1)), catalog.ErrFileTooLarge},
		"long cell":    {[]byte(strings.Repeat("a", catalog.MaxCell+1)), catalog.ErrFileTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := catalog.ReadTable(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("error %v; want %v", err, tt.want)
			}
		})
	}
}

func TestWorkbookOfNumbersAndFormulas(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	defer book.Close()
	for cell, value := range map[string]any{
		"A1": "상품명", "B1": "바코드", "C1": "판매가", "D1": "재고",
		"A2": "물", "B2": 4006381333931, "C2": 1200.0, "D2": 3.5,
	} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellFormula("Sheet1", "A3", `HYPERLINK("http://example.invalid","x")`); err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellValue("Sheet1", "C3", 10); err != nil {
		t.Fatal(err)
	}
	file, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	results := preview(t, file.String())
	if len(results) != 2 || results[0].Product.Barcodes[0] != "4006381333931" || *results[0].Stock != 3500 {
		t.Fatalf("%+v", results)
	}
	if formula := results[1]; formula.Action != catalog.ActionError || strings.Contains(formula.Product.Name, "HYPERLINK") {
		t.Errorf("a formula became %+v", formula)
	}
}

func TestExportReadsBackTheSame(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{false, true} {
		table := catalog.Export(known(), english)
		csv, err := table.CSV()
		if err != nil {
			t.Fatal(err)
		}
		xlsx, err := table.XLSX()
		if err != nil {
			t.Fatal(err)
		}
		for kind, file := range map[string][]byte{"csv": csv, "xlsx": xlsx} {
			results := preview(t, string(file))
			if len(results) != len(known().Products) {
				t.Fatalf("%s: %d rows", kind, len(results))
			}
			for i, result := range results {
				if result.Action != catalog.ActionSame {
					t.Errorf("%s: %q became %s: %+v", kind, known().Products[i].Name, result.Action, result)
				}
			}
		}
	}
}

func TestExportIntoAnEmptyShop(t *testing.T) {
	t.Parallel()
	csv, err := catalog.Export(known(), false).CSV()
	if err != nil {
		t.Fatal(err)
	}
	table, err := catalog.ReadTable(csv)
	if err != nil {
		t.Fatal(err)
	}
	results, err := catalog.Preview(table, catalog.Known{VAT: money.Exempt})
	if err != nil {
		t.Fatal(err)
	}
	for i, result := range results {
		want := known().Products[i]
		want.ID, want.Category, want.Key = "", "", nil
		if result.Action != catalog.ActionNew || fmt.Sprint(plain(result.Product)) != fmt.Sprint(plain(want)) {
			t.Errorf("%+v\nwant %+v", result.Product, want)
		}
	}
	if got := catalog.NewCategories(results); len(got) != 2 {
		t.Errorf("new categories %v", got)
	}
}

// plain is a product without pointers, so that it prints whole.
func plain(p catalog.Product) (catalog.Product, money.Won) {
	cost := money.Won(-1)
	if p.Cost != nil {
		cost = *p.Cost
	}
	p.Cost = nil
	return p, cost
}

func TestExportIsHarmlessInASpreadsheet(t *testing.T) {
	t.Parallel()
	csv, err := catalog.Export(known(), false).CSV()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(csv), "\ufeff상품명,") {
		t.Errorf("begins with %q", csv[:20])
	}
	for line := range strings.Lines(string(csv)) {
		for cell := range strings.SplitSeq(line, ",") {
			if strings.HasPrefix(strings.Trim(cell, `"`), "=") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

func FuzzReadTable(f *testing.F) {
	for _, seed := range []string{
		"상품명,판매가\n물,100", "name;price\n\"a\nb\";1", "\ufeff상품명\t판매가\n'=1\t2", "\xff\xfea\x00,\x00",
		"\xbb\xf3\xc7\xb0\xb8\xed,\xc6\xc7\xb8\xc5\xb0\xa1\n", "name,price,barcode\na,\"1,000\",8.8E+12 7",
	} {
		f.Add([]byte(seed))
	}
	workbook, err := catalog.Export(known(), false).XLSX()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(workbook)
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := catalog.ReadTable(file)
		if err != nil {
			return
		}
		results, err := catalog.Preview(table, known())
		if err != nil {
			return
		}
		for _, result := range results {
			if result.Action != catalog.ActionError && len(result.Product.Tidy(nil).Check()) != 0 {
				t.Errorf("row %d is taken as %s: %+v", result.Row, result.Action, result.Product)
			}
			if result.Row < 2 || result.Row > len(table) {
				t.Errorf("row %d of %d", result.Row, len(table))
			}
		}
	})
}
