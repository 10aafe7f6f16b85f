CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
-- A text as it is searched: small letters without accents, and everything beyond ASCII as its code. Trigrams know
-- only the letters of the database's locale, which may be none but ASCII; and one Chinese character, which is less than
-- a trigram, becomes five letters.
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  plain text := lower(given);
BEGIN
  IF octet_length(plain) = length(plain) THEN RETURN plain; END IF;
  RETURN (
    SELECT coalesce(string_agg(
      CASE WHEN ascii(letter) < 128 THEN letter
           WHEN ascii(letter) < 65536 THEN 'Z' || lpad(to_hex(ascii(letter)), 4, '0')
           ELSE 'Y' || lpad(to_hex(ascii(letter)), 6, '0') END, '' ORDER BY place), '')
    FROM unnest(string_to_array(normalize(plain, NFKD), NULL)) WITH ORDINALITY AS letters(letter, place)
    WHERE ascii(letter) NOT BETWEEN 768 AND 879
  );
END
$$;
--> statement-breakpoint
CREATE FUNCTION set_variant_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT ' ' || search_text(concat_ws(' ', NEW.sku, NEW.gtin, product.key, product.brand,
           (SELECT string_agg(title.value, ' ' ORDER BY title.key) FROM jsonb_each_text(product.title) title)))
  INTO NEW.search FROM products product WHERE product.id = NEW.product_id;
  NEW.search := coalesce(NEW.search, '');
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER variants_search BEFORE INSERT OR UPDATE OF sku, gtin, product_id, search ON variants
  FOR EACH ROW EXECUTE FUNCTION set_variant_search();
--> statement-breakpoint
CREATE FUNCTION renew_variant_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE variants SET search = '' FROM renamed JOIN former ON former.id = renamed.id
  WHERE variants.product_id = renamed.id
    AND (renamed.key, renamed.title, renamed.brand) IS DISTINCT FROM (former.key, former.title, former.brand);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER products_search AFTER UPDATE ON products REFERENCING OLD TABLE AS former NEW TABLE AS renamed
  FOR EACH STATEMENT EXECUTE FUNCTION renew_variant_search();
--> statement-breakpoint
UPDATE variants SET search = '';
--> statement-breakpoint
CREATE INDEX variants_search ON variants USING gin (search gin_trgm_ops);
