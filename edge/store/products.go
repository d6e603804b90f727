package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

const productColumns = `product.id, product.name, product.category, price, cost, vat, by_weight, unit, prompts, barcodes,
	key_category, key_slot, archived, track_stock`

func scanProduct(row scanner) (catalog.Product, error) {
	return scanProductAnd(row)
}

// scanProductAnd reads a product and further columns after it.
func scanProductAnd(row scanner, more ...any) (product catalog.Product, err error) {
	var cost, slot *int64
	var keyCategory *string
	var prompts, barcodes []byte
	places := append([]any{
		&product.ID, &product.Name, &product.Category, &product.Price, &cost, &product.VAT, &product.ByWeight, &product.Unit,
		&prompts, &barcodes, &keyCategory, &slot, &product.Archived, &product.TrackStock,
	}, more...)
	if err := row.Scan(places...); err != nil {
		return catalog.Product{}, err
	}
	product.Cost = won(cost)
	if keyCategory != nil && slot != nil {
		product.Key = &catalog.KeyPosition{Category: *keyCategory, Slot: int(*slot)}
	}
	err = errors.Join(json.Unmarshal(prompts, &product.Prompts), json.Unmarshal(barcodes, &product.Barcodes))
	if err != nil {
		return catalog.Product{}, fmt.Errorf("read product: %w", err)
	}
	return product, nil
}

// Product is one product.
func (s *Store) Product(ctx context.Context, id string) (catalog.Product, error) {
	return one(s.read.in(ctx), scanProduct, `SELECT `+productColumns+` FROM product WHERE id = ?`, id)
}

// ProductByCode is the product of the first code that one has and that is
// still sold.
func (s *Store) ProductByCode(ctx context.Context, codes []string) (catalog.Product, error) {
	reader := s.read.in(ctx)
	for _, code := range codes {
		product, err := one(reader, scanProduct, `SELECT `+productColumns+` FROM barcode
			JOIN product ON product.id = barcode.product WHERE barcode.code = ? AND archived = 0`, code)
		if !errors.Is(err, ErrNotFound) {
			return product, err
		}
	}
	return catalog.Product{}, ErrNotFound
}

func scanListed(row scanner) (listed catalog.Listed, err error) {
	listed.Product, err = scanProductAnd(row, &listed.Stock)
	return listed, err
}

const listedFrom = `SELECT ` + productColumns + `, coalesce(level, 0) FROM product LEFT JOIN stock ON stock.product = product.id `

// ProductWithStock is one product and how much there is of it.
func (s *Store) ProductWithStock(ctx context.Context, id string) (catalog.Listed, error) {
	return one(s.read.in(ctx), scanListed, listedFrom+`WHERE product.id = ?`, id)
}

// matching selects the products of a query. It looks only at columns of the
// index product_by_name.
const matching = `WHERE archived = ?1 AND (?2 = '' OR instr(search, ?2) > 0 OR product.rowid =
	(SELECT coded.rowid FROM barcode JOIN product AS coded ON coded.id = barcode.product WHERE code = ?3)) AND (?4 = '' OR category = ?4)`

// Products is a page of products in the order of their names.
func (s *Store) Products(ctx context.Context, query catalog.Query) ([]catalog.Listed, error) {
	reader := s.seek.in(ctx)
	if mixed(query.Text) {
		return productsMixed(reader, query)
	}
	return list(reader, scanListed, listedFrom+matching+` ORDER BY name LIMIT ?5 OFFSET ?6`,
		query.Archived, catalog.SearchTerm(query.Text), strings.TrimSpace(query.Text), query.Category, query.Limit, query.Offset)
}

// CountProducts is how many products there are in all, without limit and
// offset.
func (s *Store) CountProducts(ctx context.Context, query catalog.Query) (count int, err error) {
	reader := s.seek.in(ctx)
	if mixed(query.Text) {
		err = eachMixed(reader, query, func(string) bool {
			count++
			return true
		})
		return count, err
	}
	err = reader.get(into{&count}, `SELECT count(*) FROM product `+matching,
		query.Archived, catalog.SearchTerm(query.Text), strings.TrimSpace(query.Text), query.Category)
	return count, err
}

// mixed reports whether a text has consonants by themselves among other
// letters ("아메ㄹ"). SearchTerm then finds a little too much, and Matches must
// tell; otherwise it finds exactly what matches.
func mixed(text string) bool {
	consonant := func(letter rune) bool { return letter >= 'ㄱ' && letter <= 'ㅎ' }
	other := func(letter rune) bool { return !consonant(letter) && !unicode.IsSpace(letter) }
	return strings.ContainsFunc(text, consonant) && strings.ContainsFunc(text, other)
}

func productsMixed(reader queries, query catalog.Query) ([]catalog.Listed, error) {
	var ids []string
	skip := query.Offset
	err := eachMixed(reader, query, func(id string) bool {
		if skip > 0 {
			skip--
			return true
		}
		ids = append(ids, id)
		return len(ids) < query.Limit
	})
	if err != nil {
		return nil, err
	}
	page := []catalog.Listed{}
	for _, id := range ids {
		listed, err := one(reader, scanListed, listedFrom+`WHERE product.id = ?`, id)
		if err != nil {
			return nil, err
		}
		page = append(page, listed)
	}
	return page, nil
}

// eachMixed calls found for every product that matches, until it returns
// false.
func eachMixed(reader queries, query catalog.Query, found func(id string) bool) error {
	enough := errors.New("enough")
	err := reader.each(func(row scanner) error {
		var id, name string
		if err := row.Scan(&id, &name); err != nil {
			return err
		}
		if catalog.Matches(name, query.Text) && !found(id) {
			return enough
		}
		return nil
	}, `SELECT id, name FROM product WHERE archived = ?1 AND instr(search, ?2) > 0 AND (?3 = '' OR category = ?3) ORDER BY name`,
		query.Archived, catalog.SearchTerm(query.Text), query.Category)
	if errors.Is(err, enough) {
		return nil
	}
	return err
}

// Keys are the products that have a key.
func (s *Store) Keys(ctx context.Context) ([]catalog.Product, error) {
	return list(s.read.in(ctx), scanProduct, `SELECT `+productColumns+` FROM product
		WHERE key_slot IS NOT NULL AND archived = 0 ORDER BY key_category, key_slot`)
}

// Categories lists the categories in their order.
func (s *Store) Categories(ctx context.Context) ([]catalog.Category, error) {
	return list(s.read.in(ctx), func(row scanner) (catalog.Category, error) {
		var category catalog.Category
		err := row.Scan(&category.ID, &category.Name, &category.Order, &category.Color, &category.Printer)
		return category, err
	}, `SELECT id, name, place, color, printer FROM category ORDER BY place, name`)
}

// Known is everything an import compares a file with.
func (s *Store) Known(ctx context.Context) (known catalog.Known, err error) {
	reader := s.seek.in(ctx)
	if known.Products, err = list(reader, scanProduct, `SELECT `+productColumns+` FROM product ORDER BY name`); err != nil {
		return known, err
	}
	if known.Categories, err = s.Categories(ctx); err != nil {
		return known, err
	}
	known.Stock = make(map[string]money.Milli)
	err = reader.each(func(row scanner) error {
		var product string
		var level money.Milli
		err := row.Scan(&product, &level)
		known.Stock[product] = level
		return err
	}, `SELECT product, level FROM stock`)
	return known, err
}

// CatalogVersion grows with every change of products or categories.
func (s *Store) CatalogVersion(ctx context.Context) (version int64, err error) {
	err = s.read.in(ctx).get(into{&version}, `SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'catalog'), 0)`)
	return version, err
}

// ChangeCatalog writes products and categories, and tells the hub of the
// products. A barcode or a key that another product has is ErrTaken.
func (s *Store) ChangeCatalog(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error { return tx.changeCatalog(change, by, acts) })
}

func (t *tx) newCatalogVersion() error {
	return t.exec(`INSERT INTO meta (name, value) VALUES ('catalog', '1') ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1`)
}

func (t *tx) changeCatalog(change catalog.Change, by sale.Person, acts []staff.AuditEvent) error {
	if err := t.changeCategories(change); err != nil {
		return err
	}
	if err := t.saveProducts(change.Products); err != nil {
		return err
	}
	for _, product := range slices.Sorted(maps.Keys(change.Counted)) {
		if err := t.count(product, change.Counted[product], by); err != nil {
			return err
		}
	}
	if err := t.newCatalogVersion(); err != nil {
		return err
	}
	return t.audit(acts...)
}

func (t *tx) changeCategories(change catalog.Change) error {
	for _, category := range change.Categories {
		err := t.exec(`INSERT INTO category (id, name, place, color, printer) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, place = excluded.place, color = excluded.color, printer = excluded.printer`,
			category.ID, category.Name, category.Order, string(category.Color), category.Printer)
		if err != nil {
			return fmt.Errorf("category: %w", err)
		}
	}
	for _, gone := range change.Gone {
		err := errors.Join(
			t.exec(`UPDATE product SET key_category = NULL, key_slot = NULL WHERE key_category = ?`, gone),
			t.exec(`UPDATE product SET category = '' WHERE category = ?`, gone),
			t.exec(`DELETE FROM category WHERE id = ?`, gone),
		)
		if err != nil {
			return fmt.Errorf("category: %w", err)
		}
	}
	return nil
}

// saveProducts lets go of all keys and barcodes first, so that products can
// change places with each other.
func (t *tx) saveProducts(products []catalog.Product) error {
	for _, product := range products {
		err := errors.Join(
			t.exec(`UPDATE product SET key_category = NULL, key_slot = NULL WHERE id = ?`, product.ID),
			t.exec(`DELETE FROM barcode WHERE product = ?`, product.ID),
		)
		if err != nil {
			return fmt.Errorf("product: %w", err)
		}
	}
	for _, product := range products {
		if err := t.saveProduct(product); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) saveProduct(product catalog.Product) error {
	prompts, err := json.Marshal(product.Prompts)
	if err != nil {
		return fmt.Errorf("encode product: %w", err)
	}
	barcodes, err := json.Marshal(product.Barcodes)
	if err != nil {
		return fmt.Errorf("encode product: %w", err)
	}
	var cost, keyCategory, slot any
	if product.Cost != nil {
		cost = int64(*product.Cost)
	}
	if product.Key != nil && !product.Archived {
		keyCategory, slot = product.Key.Category, product.Key.Slot
	}
	err = t.exec(`INSERT INTO product (id, name, search, category, price, cost, vat, by_weight, unit, prompts, barcodes,
		key_category, key_slot, archived, track_stock) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, search = excluded.search, category = excluded.category,
		price = excluded.price, cost = excluded.cost, vat = excluded.vat, by_weight = excluded.by_weight, unit = excluded.unit,
		prompts = excluded.prompts, barcodes = excluded.barcodes, key_category = excluded.key_category, key_slot = excluded.key_slot,
		archived = excluded.archived, track_stock = excluded.track_stock`,
		product.ID, product.Name, catalog.SearchKey(product.Name), product.Category, int64(product.Price), cost, string(product.VAT),
		product.ByWeight, product.Unit, string(prompts), string(barcodes), keyCategory, slot, product.Archived, product.TrackStock)
	if isConstraint(err) {
		return fmt.Errorf("%w: key of %s", ErrTaken, product.Name)
	}
	if err != nil {
		return fmt.Errorf("product: %w", err)
	}
	for _, code := range product.Barcodes {
		err := t.exec(`INSERT INTO barcode (code, product) VALUES (?, ?)`, code, product.ID)
		if isConstraint(err) {
			return fmt.Errorf("%w: %s", ErrTaken, code)
		}
		if err != nil {
			return fmt.Errorf("barcode: %w", err)
		}
	}
	_, err = t.record(wireProduct(product), t.at)
	return err
}
