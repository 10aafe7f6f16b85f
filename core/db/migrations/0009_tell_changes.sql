-- Whatever changes a table tells so when it commits, in whatever process: who looks reads it again. One notice a
-- statement; PostgreSQL folds the same notice within a transaction into one.
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('entrepot_changed', TG_ARGV[0]);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- The same where statements often change nothing: then nothing is told.
CREATE FUNCTION tell_real_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    PERFORM pg_notify('entrepot_changed', TG_ARGV[0]);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE PROCEDURE tell_changes_of(changing regclass, topic text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION tell_change(%L)', changing, topic);
END
$$;
--> statement-breakpoint
CREATE PROCEDURE tell_real_changes_of(changing regclass, topic text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER tell_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic);
  EXECUTE format('CREATE TRIGGER tell_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic);
  EXECUTE format('CREATE TRIGGER tell_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic);
END
$$;
--> statement-breakpoint
CALL tell_changes_of('listings', 'listings');
--> statement-breakpoint
CALL tell_changes_of('listing_aspects', 'listings');
--> statement-breakpoint
CALL tell_changes_of('products', 'products');
--> statement-breakpoint
CALL tell_changes_of('variants', 'products');
--> statement-breakpoint
CALL tell_changes_of('base_prices', 'products');
--> statement-breakpoint
CALL tell_real_changes_of('promotional_prices', 'products');
--> statement-breakpoint
CALL tell_changes_of('stock_levels', 'stock');
--> statement-breakpoint
CALL tell_changes_of('stock_allocations', 'stock');
--> statement-breakpoint
CALL tell_changes_of('bundle_components', 'stock');
--> statement-breakpoint
CALL tell_changes_of('warehouses', 'stock');
--> statement-breakpoint
CALL tell_changes_of('orders', 'orders');
--> statement-breakpoint
CALL tell_changes_of('order_events', 'orders');
--> statement-breakpoint
CALL tell_real_changes_of('shipments', 'shipments');
--> statement-breakpoint
CALL tell_real_changes_of('parcels', 'shipments');
--> statement-breakpoint
CALL tell_real_changes_of('problems', 'problems');
--> statement-breakpoint
CALL tell_real_changes_of('proposals', 'proposals');
--> statement-breakpoint
CALL tell_real_changes_of('sync_runs', 'runs');
--> statement-breakpoint
CALL tell_real_changes_of('connections', 'connections');
--> statement-breakpoint
CALL tell_real_changes_of('schedules', 'connections');
--> statement-breakpoint
CALL tell_real_changes_of('mappings', 'mappings');
--> statement-breakpoint
CALL tell_real_changes_of('unbound_listings', 'mappings');
--> statement-breakpoint
CALL tell_real_changes_of('imports', 'imports');

--> statement-breakpoint
CALL tell_real_changes_of('returns', 'returns');
--> statement-breakpoint
CALL tell_real_changes_of('refunds', 'returns');
--> statement-breakpoint
CALL tell_real_changes_of('works', 'work');
