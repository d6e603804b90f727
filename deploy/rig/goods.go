package rig

import (
	"fmt"
	"strings"
)

// Good is a product of the demo shop, a small supermarket.
type Good struct {
	Name     string
	Category string
	Price    int64
	Cost     int64
	Exempt   bool
	Unit     string
	Stock    int64
	// Digits are the first twelve digits of its EAN-13.
	Digits string
}

// Barcode is the good's EAN-13 with its check digit.
func (g Good) Barcode() string {
	sum := 0
	for i, digit := range g.Digits {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += weight * int(digit-'0')
	}
	return g.Digits + string(rune('0'+(10-sum%10)%10))
}

// Goods are the products of the demo shop. Names and prices are made up; the
// barcodes are in GS1 Korea's range.
func Goods() []Good {
	return []Good{
		{"아메리카노", "음료", 3000, 700, false, "잔", 200, "880100000001"},
		{"카페라떼", "음료", 3800, 1100, false, "잔", 200, "880100000002"},
		{"생수 500ml", "음료", 900, 350, false, "병", 240, "880100000003"},
		{"탄산수 350ml", "음료", 1500, 620, false, "병", 120, "880100000004"},
		{"오렌지 주스 1L", "음료", 4200, 2600, false, "병", 40, "880100000005"},
		{"우유 900ml", "음료", 2850, 2200, true, "팩", 60, "880100000006"},
		{"바나나맛 우유 240ml", "음료", 1800, 1150, false, "개", 80, "880100000007"},
		{"캔맥주 500ml", "주류", 3200, 2300, false, "캔", 96, "880100000008"},
		{"막걸리 750ml", "주류", 2200, 1400, false, "병", 36, "880100000009"},
		{"두부 300g", "식품", 1900, 1200, true, "모", 30, "880100000010"},
		{"콩나물 300g", "식품", 1500, 900, true, "봉", 30, "880100000011"},
		{"달걀 10구", "식품", 4300, 3500, true, "판", 40, "880100000012"},
		{"쌀 10kg", "식품", 34900, 29500, true, "포", 20, "880100000013"},
		{"배추김치 1kg", "식품", 9800, 6900, true, "봉", 25, "880100000014"},
		{"봉지라면 5입", "식품", 4780, 3650, false, "묶음", 60, "880100000015"},
		{"컵라면", "식품", 1250, 850, false, "개", 120, "880100000016"},
		{"즉석밥 210g", "식품", 1650, 1080, false, "개", 100, "880100000017"},
		{"참치캔 150g", "식품", 3300, 2450, false, "캔", 70, "880100000018"},
		{"식빵", "빵·과자", 3200, 2100, false, "봉", 18, "880100000019"},
		{"단팥빵", "빵·과자", 1500, 900, false, "개", 24, "880100000020"},
		{"새우 과자", "빵·과자", 1700, 1100, false, "봉", 60, "880100000021"},
		{"초콜릿", "빵·과자", 2000, 1250, false, "개", 80, "880100000022"},
		{"껌", "빵·과자", 1000, 550, false, "통", 100, "880100000023"},
		{"아이스크림 콘", "빵·과자", 2200, 1300, false, "개", 90, "880100000024"},
		{"휴지 30m 24롤", "생활", 15900, 11800, false, "묶음", 16, "880100000025"},
		{"주방 세제 750ml", "생활", 4500, 2900, false, "병", 24, "880100000026"},
		{"칫솔 3입", "생활", 5900, 3400, false, "묶음", 30, "880100000027"},
		{"건전지 AA 4입", "생활", 4900, 2700, false, "묶음", 40, "880100000028"},
		{"종량제 봉투 20L 10매", "생활", 4900, 4900, true, "묶음", 50, "880100000029"},
		{"우산", "생활", 9900, 4800, false, "개", 15, "880100000030"},
	}
}

// GoodsCSV is the demo shop's list as a person would import it.
func GoodsCSV() []byte {
	var text strings.Builder
	text.WriteString("상품명,바코드,판매가,매입가,분류,과세구분,단위,재고\n")
	for _, good := range Goods() {
		tax := "과세"
		if good.Exempt {
			tax = "면세"
		}
		fmt.Fprintf(&text, "%s,%s,%d,%d,%s,%s,%s,%d\n",
			good.Name, good.Barcode(), good.Price, good.Cost, good.Category, tax, good.Unit, good.Stock)
	}
	return []byte(text.String())
}
