-- What the migrations make; written by "npm run db:dump" and compared in the tests.

table access_tokens
  connection_id text not null
  name text not null
  sealed bytea not null
  expires_at timestamp(3) with time zone not null
  constraint access_tokens_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint access_tokens_connection_id_name_pk PRIMARY KEY (connection_id, name)

table audit_log
  id bigint not null default nextval('audit_log_id_seq'::regclass)
  at timestamp(3) with time zone not null
  actor text not null
  action text not null
  subject text not null
  before jsonb
  after jsonb
  previous_hash text not null
  hash text not null
  constraint audit_log_pkey PRIMARY KEY (id)
  CREATE INDEX audit_log_action ON audit_log USING btree (action, at, id)
  CREATE INDEX audit_log_actor ON audit_log USING btree (actor, at, id)
  CREATE INDEX audit_log_at ON audit_log USING btree (at, id)
  CREATE INDEX audit_log_subject ON audit_log USING btree (subject, at, id)
  CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table auth_accounts
  id text not null
  account_id text not null
  provider_id text not null
  user_id text not null
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp(3) with time zone
  refresh_token_expires_at timestamp(3) with time zone
  scope text
  password text
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null
  constraint auth_accounts_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_accounts_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_accounts_user ON auth_accounts USING btree (user_id, provider_id)

table auth_api_keys
  id text not null
  name text not null
  key_hash text not null
  start text not null
  owner_id text not null
  role text not null
  tags jsonb
  expires_at timestamp(3) with time zone
  last_used_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null
  revoked_at timestamp(3) with time zone
  constraint auth_api_keys_owner_id_auth_users_id_fk FOREIGN KEY (owner_id) REFERENCES auth_users(id)
  constraint auth_api_keys_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_api_keys_hash ON auth_api_keys USING btree (key_hash)
  CREATE UNIQUE INDEX auth_api_keys_name ON auth_api_keys USING btree (name) WHERE (revoked_at IS NULL)
  CREATE INDEX auth_api_keys_owner ON auth_api_keys USING btree (owner_id)

table auth_attempts
  key text not null
  count integer not null
  since timestamp(3) with time zone not null
  constraint auth_attempts_pkey PRIMARY KEY (key)
  CREATE INDEX auth_attempts_since ON auth_attempts USING btree (since)

table auth_links
  token_hash text not null
  purpose text not null
  user_id text
  created_by text not null
  created_at timestamp(3) with time zone not null
  expires_at timestamp(3) with time zone not null
  constraint auth_links_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_links_pkey PRIMARY KEY (token_hash)
  CREATE INDEX auth_links_user ON auth_links USING btree (user_id)

table auth_sessions
  id text not null
  token text not null
  user_id text not null
  expires_at timestamp(3) with time zone not null
  ip_address text
  user_agent text
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null
  constraint auth_sessions_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_sessions_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_sessions_token ON auth_sessions USING btree (token)
  CREATE INDEX auth_sessions_user ON auth_sessions USING btree (user_id)

table auth_two_factors
  id text not null
  secret text not null
  backup_codes text not null
  user_id text not null
  verified boolean default true
  failed_verification_count integer default 0
  locked_until timestamp(3) with time zone
  constraint auth_two_factors_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_two_factors_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_two_factors_user ON auth_two_factors USING btree (user_id)

table auth_users
  id text not null
  name text not null
  email text not null
  email_verified boolean not null default false
  image text
  two_factor_enabled boolean default false
  role text not null
  disabled_at timestamp(3) with time zone
  locale text
  theme text not null default 'auto'::text
  last_sign_in_at timestamp(3) with time zone
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint auth_users_pkey PRIMARY KEY (id)
  CREATE INDEX auth_users_admins ON auth_users USING btree (id) WHERE ((role = 'admin'::text) AND (disabled_at IS NULL))
  CREATE UNIQUE INDEX auth_users_email ON auth_users USING btree (email)

table auth_verifications
  id text not null
  identifier text not null
  value text not null
  expires_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint auth_verifications_pkey PRIMARY KEY (id)
  CREATE INDEX auth_verifications_expiry ON auth_verifications USING btree (expires_at)
  CREATE INDEX auth_verifications_identifier ON auth_verifications USING btree (identifier)

table base_prices
  variant_id text not null
  currency text not null
  amount_minor bigint not null
  source text not null
  updated_at timestamp(3) with time zone not null default now()
  revision integer not null default 1
  constraint base_prices_positive CHECK ((amount_minor > 0))
  constraint base_prices_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint base_prices_variant_id_currency_pk PRIMARY KEY (variant_id, currency)
  CREATE INDEX base_prices_updated ON base_prices USING btree (updated_at)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON base_prices FOR EACH STATEMENT EXECUTE FUNCTION tell_change('products')

table bundle_components
  bundle_id text not null
  component_id text not null
  quantity integer not null
  constraint bundle_components_valid CHECK (((quantity > 0) AND (bundle_id <> component_id)))
  constraint bundle_components_bundle_id_variants_id_fk FOREIGN KEY (bundle_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint bundle_components_component_id_variants_id_fk FOREIGN KEY (component_id) REFERENCES variants(id)
  constraint bundle_components_bundle_id_component_id_pk PRIMARY KEY (bundle_id, component_id)
  CREATE INDEX bundle_components_component ON bundle_components USING btree (component_id)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON bundle_components FOR EACH STATEMENT EXECUTE FUNCTION tell_change('stock')

table call_hours
  connection_id text not null
  hour timestamp(3) with time zone not null
  bucket text not null
  outcome text not null
  calls integer not null
  waited_ms bigint not null
  duration_ms bigint not null
  constraint call_hours_connection_id_hour_bucket_outcome_pk PRIMARY KEY (connection_id, hour, bucket, outcome)
  CREATE INDEX call_hours_hour ON call_hours USING btree (hour)

table categories
  id text not null
  key text not null
  parent_id text
  name jsonb not null
  constraint categories_pkey PRIMARY KEY (id)
  constraint categories_key_unique UNIQUE (key)

table connections
  id text not null
  connector text not null
  name text not null
  settings jsonb not null
  currency text not null
  locale text not null
  status text not null default 'active'::text
  paused_reason text
  is_local boolean not null default false
  rate_scale double precision not null default 1
  orders_from timestamp(3) with time zone
  max_ended_basis_points integer not null default 1000
  max_zeroed_basis_points integer not null default 3000
  max_repriced_basis_points integer not null default 5000
  max_price_step_basis_points integer not null default 5000
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  confirm_at text not null default 'hand_over'::text
  max_refund_minor bigint default 20000
  constraint connections_rate_scale CHECK (((rate_scale > (0)::double precision) AND ((rate_scale = (1)::double precision) OR is_local)))
  constraint connections_pkey PRIMARY KEY (id)
  constraint connections_name_unique UNIQUE (name)
  CREATE TRIGGER tell_delete AFTER DELETE ON connections REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')
  CREATE TRIGGER tell_insert AFTER INSERT ON connections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')
  CREATE TRIGGER tell_update AFTER UPDATE ON connections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')

table coupons
  id text not null
  connection_id text not null
  code text not null
  basis_points integer not null
  least_minor bigint
  least_currency text
  variant_ids jsonb
  excludes_reduced boolean not null
  usage_limit integer
  starts_at timestamp(3) with time zone not null
  ends_at timestamp(3) with time zone not null
  latest_ends_at timestamp(3) with time zone not null
  source text not null
  approved_by text not null
  state text not null default 'waiting'::text
  external_id text
  error text
  created_at timestamp(3) with time zone not null default now()
  live_at timestamp(3) with time zone
  ended_at timestamp(3) with time zone
  constraint coupons_least CHECK ((((least_minor IS NULL) = (least_currency IS NULL)) AND (least_minor > 0)))
  constraint coupons_valid CHECK ((((basis_points >= 1) AND (basis_points <= 10000)) AND (latest_ends_at > starts_at)))
  constraint coupons_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint coupons_pkey PRIMARY KEY (id)
  CREATE INDEX coupons_open ON coupons USING btree (connection_id, lower(code)) WHERE (state = ANY (ARRAY['waiting'::text, 'live'::text]))

table credentials
  connection_id text not null
  sealed_key bytea not null
  sealed bytea not null
  updated_at timestamp(3) with time zone not null default now()
  constraint credentials_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint credentials_pkey PRIMARY KEY (connection_id)

table cursors
  connection_id text not null
  stream text not null
  cursor text
  is_complete boolean not null default true
  updated_at timestamp(3) with time zone not null
  constraint cursors_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint cursors_connection_id_stream_pk PRIMARY KEY (connection_id, stream)

table external_terms
  connection_id text not null
  kind text not null
  scope text not null default ''::text
  id text not null
  name text not null
  parent_id text
  path text not null default ''::text
  is_assignable boolean not null default true
  is_required boolean not null default false
  reading text
  is_listed boolean not null default true
  seen_at timestamp(3) with time zone not null
  search text not null default lower(((((path || ' '::text) || name) || ' '::text) || id))
  constraint external_terms_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint external_terms_connection_id_kind_scope_id_pk PRIMARY KEY (connection_id, kind, scope, id)
  CREATE INDEX external_terms_name ON external_terms USING btree (connection_id, kind, scope, name, id)
  CREATE INDEX external_terms_search ON external_terms USING gin (search gin_trgm_ops)

table http_calls
  id bigint not null default nextval('http_calls_id_seq'::regclass)
  connection_id text not null
  run_id text
  operation text
  at timestamp(3) with time zone not null
  method text not null
  host text not null
  path text not null
  bucket text not null
  waited_ms integer not null
  duration_ms integer not null
  status integer
  failure text
  request_bytes integer not null
  response_bytes integer not null
  request_body text
  response_body text
  constraint http_calls_pkey PRIMARY KEY (id)
  CREATE INDEX http_calls_at ON http_calls USING brin (at)
  CREATE INDEX http_calls_connection ON http_calls USING btree (connection_id, id)
  CREATE INDEX http_calls_failed ON http_calls USING btree (connection_id, at, failure) WHERE (failure IS NOT NULL)
  CREATE INDEX http_calls_run ON http_calls USING btree (run_id, id) WHERE (run_id IS NOT NULL)

table hub_settings
  key text not null
  value jsonb not null
  revision integer not null
  changed_by text not null
  changed_at timestamp(3) with time zone not null
  constraint hub_settings_pkey PRIMARY KEY (key)

table hub_state
  key text not null
  value jsonb not null
  constraint hub_state_pkey PRIMARY KEY (key)

table import_mappings
  signature text not null
  kind text not null
  mapping jsonb not null
  revision integer not null default 1
  saved_by text not null
  saved_at timestamp(3) with time zone not null
  constraint import_mappings_signature_kind_pk PRIMARY KEY (signature, kind)

table import_uploads
  id text not null
  file_name text not null
  path text not null
  bytes bigint not null
  format text not null
  encoding text not null
  delimiter text not null
  columns jsonb not null
  signature text not null
  created_by text not null
  created_at timestamp(3) with time zone not null
  constraint import_uploads_pkey PRIMARY KEY (id)

table imports
  id text not null
  profile text not null
  source text not null
  started_at timestamp(3) with time zone not null
  finished_at timestamp(3) with time zone
  counts jsonb not null default '{}'::jsonb
  rejects_file text
  actor text not null
  kind text
  file_name text
  work_id text
  columns jsonb
  delimiter text
  stopped_by text
  constraint imports_pkey PRIMARY KEY (id)
  CREATE INDEX imports_kind ON imports USING btree (kind, id)
  CREATE INDEX imports_work ON imports USING btree (work_id)
  CREATE TRIGGER tell_delete AFTER DELETE ON imports REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('imports')
  CREATE TRIGGER tell_insert AFTER INSERT ON imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('imports')
  CREATE TRIGGER tell_update AFTER UPDATE ON imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('imports')

table leases
  connection_id text not null
  lane text not null
  holder text not null
  token bigint not null
  expires_at timestamp(3) with time zone not null
  failures integer not null default 0
  not_before timestamp(3) with time zone
  approved_until timestamp(3) with time zone
  drastic_count integer not null default 0
  drastic_since timestamp(3) with time zone
  constraint leases_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint leases_connection_id_lane_pk PRIMARY KEY (connection_id, lane)

table listing_aspects
  listing_id text not null
  aspect text not null
  connection_id text not null
  revision bigint not null default 1
  acknowledged_revision bigint not null default 0
  is_dirty boolean not null default (revision > acknowledged_revision)
  acknowledged_value jsonb
  acknowledged_fingerprint text
  acknowledged_at timestamp(3) with time zone
  urgency integer not null default 0
  dirty_since timestamp(3) with time zone not null default now()
  not_before timestamp(3) with time zone
  attempts integer not null default 0
  refused_revision bigint
  constraint listing_aspects_listing_id_listings_id_fk FOREIGN KEY (listing_id) REFERENCES listings(id) ON DELETE CASCADE
  constraint listing_aspects_listing_id_aspect_pk PRIMARY KEY (listing_id, aspect)
  CREATE INDEX listing_aspects_dirty ON listing_aspects USING btree (connection_id, aspect, urgency DESC NULLS LAST, dirty_since, listing_id) WHERE is_dirty
  CREATE INDEX listing_aspects_dirty_of ON listing_aspects USING btree (listing_id, aspect) WHERE is_dirty
  CREATE INDEX listing_aspects_refused ON listing_aspects USING btree (listing_id) WHERE (refused_revision IS NOT NULL)
  CREATE INDEX listing_aspects_waiting ON listing_aspects USING btree (dirty_since, listing_id) WHERE is_dirty
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON listing_aspects FOR EACH STATEMENT EXECUTE FUNCTION tell_change('listings')

table listing_counts
  connection_id text not null
  aspect text not null
  listings integer not null
  dirty integer not null
  refused integer not null
  oldest_dirty_since timestamp(3) with time zone
  counted_at timestamp(3) with time zone not null
  constraint listing_counts_connection_id_aspect_pk PRIMARY KEY (connection_id, aspect)

table listings
  id text not null
  connection_id text not null
  variant_id text not null
  external_id text
  external_parent_id text
  status text not null default 'draft'::text
  issues jsonb not null default '[]'::jsonb
  ending_since timestamp(3) with time zone
  seen_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null default now()
  constraint listings_live_has_id CHECK (((status <> 'live'::text) OR (external_id IS NOT NULL)))
  constraint listings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint listings_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint listings_pkey PRIMARY KEY (id)
  constraint listings_variant UNIQUE (connection_id, variant_id)
  CREATE INDEX listings_by_variant ON listings USING btree (variant_id)
  CREATE INDEX listings_connection ON listings USING btree (connection_id, id)
  CREATE INDEX listings_connection_status ON listings USING btree (connection_id, status, id)
  CREATE INDEX listings_ending ON listings USING btree (connection_id) WHERE (ending_since IS NOT NULL)
  CREATE UNIQUE INDEX listings_external ON listings USING btree (connection_id, external_id) WHERE (external_id IS NOT NULL)
  CREATE INDEX listings_external_id ON listings USING btree (external_id) WHERE (external_id IS NOT NULL)
  CREATE INDEX listings_issues ON listings USING btree (id) WHERE (issues <> '[]'::jsonb)
  CREATE INDEX listings_status ON listings USING btree (status, id)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON listings FOR EACH STATEMENT EXECUTE FUNCTION tell_change('listings')

table mapping_batches
  id text not null
  connection_id text not null
  kind text not null
  how text not null
  changes integer not null
  actor text not null
  at timestamp(3) with time zone not null
  undoes text
  constraint mapping_batches_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint mapping_batches_pkey PRIMARY KEY (id)
  CREATE INDEX mapping_batches_connection ON mapping_batches USING btree (connection_id, id DESC NULLS LAST)

table mapping_changes
  id bigint not null default nextval('mapping_changes_id_seq'::regclass)
  batch_id text not null
  connection_id text not null
  kind text not null
  scope text not null default ''::text
  word text not null
  before text
  after text
  revision integer not null
  actor text not null
  at timestamp(3) with time zone not null
  undone_at timestamp(3) with time zone
  undone_by text
  constraint mapping_changes_batch_id_mapping_batches_id_fk FOREIGN KEY (batch_id) REFERENCES mapping_batches(id) ON DELETE CASCADE
  constraint mapping_changes_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint mapping_changes_pkey PRIMARY KEY (id)
  CREATE INDEX mapping_changes_batch ON mapping_changes USING btree (batch_id, id)
  CREATE INDEX mapping_changes_word ON mapping_changes USING btree (connection_id, kind, scope, word, id DESC NULLS LAST)

table mapping_kind_states
  connection_id text not null
  kind text not null
  refreshed_at timestamp(3) with time zone not null
  took_ms integer not null
  constraint mapping_kind_states_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint mapping_kind_states_connection_id_kind_pk PRIMARY KEY (connection_id, kind)

table mapping_words
  connection_id text not null
  kind text not null
  scope text not null default ''::text
  word text not null
  name text not null
  path text not null default ''::text
  listings integer not null default 0
  orders integer not null default 0
  problems integer not null default 0
  weight integer not null default 0
  state text not null
  confidence real not null default 0
  suggestions jsonb not null default '[]'::jsonb
  seen_at timestamp(3) with time zone not null
  search text not null default lower(((((((scope || ' '::text) || path) || ' '::text) || name) || ' '::text) || word))
  constraint mapping_words_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint mapping_words_connection_id_kind_scope_word_pk PRIMARY KEY (connection_id, kind, scope, word)
  CREATE INDEX mapping_words_confidence ON mapping_words USING btree (connection_id, kind, confidence DESC NULLS LAST, scope, word)
  CREATE INDEX mapping_words_search ON mapping_words USING gin (search gin_trgm_ops)
  CREATE INDEX mapping_words_state ON mapping_words USING btree (connection_id, kind, state, weight DESC NULLS LAST, scope, word)
  CREATE INDEX mapping_words_weight ON mapping_words USING btree (connection_id, kind, weight DESC NULLS LAST, scope, word)
  CREATE TRIGGER tell_delete AFTER DELETE ON mapping_words REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_insert AFTER INSERT ON mapping_words REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_update AFTER UPDATE ON mapping_words REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')

table mappings
  connection_id text not null
  kind text not null
  ours text not null
  theirs text not null
  updated_at timestamp(3) with time zone not null default now()
  scope text not null default ''::text
  word text not null default 
CASE
    WHEN (kind = ANY (ARRAY['sku'::text, 'order_state'::text])) THEN theirs
    ELSE ours
END
  revision integer not null default 1
  updated_by text not null default 'unknown'::text
  constraint mappings_scope CHECK (((kind = 'attribute_value'::text) = (scope <> ''::text)))
  constraint mappings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX mappings_key ON mappings USING btree (connection_id, kind, scope, word)
  CREATE INDEX mappings_word ON mappings USING btree (kind, scope, word)
  CREATE TRIGGER tell_delete AFTER DELETE ON mappings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_insert AFTER INSERT ON mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_update AFTER UPDATE ON mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')

table once_calls
  id text not null
  connection_id text not null
  operation text not null
  key text not null
  input jsonb not null
  state text not null default 'waiting'::text
  output jsonb
  error text
  attempts integer not null default 0
  not_before timestamp(3) with time zone
  subject text not null
  created_at timestamp(3) with time zone not null default now()
  finished_at timestamp(3) with time zone
  constraint once_calls_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint once_calls_pkey PRIMARY KEY (id)
  constraint once_calls_key UNIQUE (connection_id, operation, key)
  CREATE INDEX once_calls_open ON once_calls USING btree (connection_id, operation, created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text, 'uncertain'::text]))
  CREATE INDEX once_calls_subject ON once_calls USING btree (subject)

table operation_outcomes
  connection_id text not null
  operation text not null
  last_success_at timestamp(3) with time zone
  last_failure_at timestamp(3) with time zone
  last_failure_kind text
  last_failure_message text
  successes bigint not null default 0
  failures bigint not null default 0
  constraint operation_outcomes_connection_id_operation_pk PRIMARY KEY (connection_id, operation)

table order_charges
  order_id text not null
  position integer not null
  kind text not null
  label text not null
  amount_minor bigint not null
  constraint order_charges_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_charges_order_id_position_pk PRIMARY KEY (order_id, "position")

table order_events
  id bigint not null default nextval('order_events_id_seq'::regclass)
  order_id text not null
  kind text not null
  from_status text
  to_status text
  detail text
  actor text not null
  at timestamp(3) with time zone not null
  constraint order_events_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_events_pkey PRIMARY KEY (id)
  CREATE INDEX order_events_order ON order_events USING btree (order_id, id)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION tell_change('orders')

table order_lines
  id text not null
  order_id text not null
  external_id text not null
  sku text
  external_listing_id text
  variant_id text
  title text not null
  quantity integer not null
  cancelled_quantity integer not null default 0
  unit_price_minor bigint not null
  discount_minor bigint not null default 0
  tax_minor bigint not null default 0
  total_minor bigint not null
  handed_over_quantity integer not null default 0
  constraint order_lines_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_lines_pkey PRIMARY KEY (id)
  constraint order_lines_external UNIQUE (order_id, external_id)
  CREATE INDEX order_lines_sku ON order_lines USING btree (sku)
  CREATE INDEX order_lines_unbound ON order_lines USING btree (order_id) WHERE (variant_id IS NULL)
  CREATE INDEX order_lines_unknown ON order_lines USING btree (sku) WHERE (variant_id IS NULL)
  CREATE INDEX order_lines_variant ON order_lines USING btree (variant_id)

table order_parties
  order_id text not null
  role text not null
  party jsonb
  erased_at timestamp(3) with time zone
  corrected jsonb
  constraint order_parties_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_parties_order_id_role_pk PRIMARY KEY (order_id, role)
  CREATE INDEX order_parties_faulty ON order_parties USING btree (order_id) WHERE ((COALESCE(corrected, party) ->> 'country'::text) IS NULL)

table order_payments
  order_id text not null
  position integer not null
  method text not null
  amount_minor bigint not null
  paid_at timestamp(3) with time zone
  reference text
  constraint order_payments_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_payments_order_id_position_pk PRIMARY KEY (order_id, "position")

table orders
  id text not null
  connection_id text not null
  external_id text not null
  number text not null
  status text not null
  external_status text not null
  is_stock_held boolean not null
  placed_at timestamp(3) with time zone not null
  external_updated_at timestamp(3) with time zone not null
  external_fingerprint text not null
  paid_at timestamp(3) with time zone
  currency text not null
  total_minor bigint not null
  refunded_minor bigint not null default 0
  shipping_service text
  ship_by timestamp(3) with time zone
  deliver_by timestamp(3) with time zone
  flags jsonb not null default '[]'::jsonb
  imported_at timestamp(3) with time zone not null default now()
  hold_reason text
  held_by text
  held_at timestamp(3) with time zone
  note text
  revision integer not null default 1
  constraint orders_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id)
  constraint orders_pkey PRIMARY KEY (id)
  constraint orders_external UNIQUE (connection_id, external_id)
  CREATE INDEX orders_connection_placed ON orders USING btree (connection_id, placed_at, id)
  CREATE INDEX orders_external_id ON orders USING btree (external_id COLLATE "C", id)
  CREATE INDEX orders_flags ON orders USING gin (flags) WHERE (flags <> '[]'::jsonb)
  CREATE INDEX orders_held ON orders USING btree (held_at) WHERE (held_at IS NOT NULL)
  CREATE INDEX orders_number ON orders USING btree (number COLLATE "C", id)
  CREATE INDEX orders_open ON orders USING btree (ship_by, id) WHERE (status = ANY (ARRAY['pending_payment'::text, 'paid'::text, 'allocated'::text]))
  CREATE INDEX orders_placed ON orders USING btree (placed_at, id)
  CREATE INDEX orders_sales ON orders USING btree (placed_at, connection_id, currency, status, total_minor)
  CREATE INDEX orders_ship_by ON orders USING btree (ship_by, id)
  CREATE INDEX orders_status_placed ON orders USING btree (status, placed_at, id)
  CREATE INDEX orders_total ON orders USING btree (total_minor, id)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION tell_change('orders')

table packagings
  id text not null
  code text not null
  name text not null
  length_mm integer not null
  width_mm integer not null
  height_mm integer not null
  tare_grams integer not null default 0
  max_weight_grams integer not null
  is_active boolean not null default true
  constraint packagings_positive CHECK (((length_mm > 0) AND (width_mm > 0) AND (height_mm > 0) AND (tare_grams >= 0) AND (max_weight_grams > tare_grams)))
  constraint packagings_pkey PRIMARY KEY (id)
  constraint packagings_code_unique UNIQUE (code)

table parcel_items
  parcel_id text not null
  order_line_id text not null
  quantity integer not null
  constraint parcel_items_quantity CHECK ((quantity > 0))
  constraint parcel_items_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id)
  constraint parcel_items_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint parcel_items_parcel_id_order_line_id_pk PRIMARY KEY (parcel_id, order_line_id)
  CREATE INDEX parcel_items_line ON parcel_items USING btree (order_line_id)

table parcels
  id text not null
  shipment_id text not null
  position integer not null
  weight_grams integer not null
  length_mm integer
  width_mm integer
  height_mm integer
  packaging_id text
  tracking_number text
  state text
  incident text
  estimated_at timestamp(3) with time zone
  collected_at timestamp(3) with time zone
  delivered_at timestamp(3) with time zone
  claim_by timestamp(3) with time zone
  subscribed_at timestamp(3) with time zone
  asked_at timestamp(3) with time zone
  ask_at timestamp(3) with time zone
  constraint parcels_weight CHECK ((weight_grams > 0))
  constraint parcels_packaging_id_packagings_id_fk FOREIGN KEY (packaging_id) REFERENCES packagings(id)
  constraint parcels_shipment_id_shipments_id_fk FOREIGN KEY (shipment_id) REFERENCES shipments(id) ON DELETE CASCADE
  constraint parcels_pkey PRIMARY KEY (id)
  constraint parcels_position UNIQUE (shipment_id, "position")
  CREATE INDEX parcels_ask ON parcels USING btree (ask_at) WHERE (ask_at IS NOT NULL)
  CREATE INDEX parcels_incident ON parcels USING btree (shipment_id) WHERE ((incident IS NOT NULL) OR (state = ANY (ARRAY['lost'::text, 'returning'::text, 'returned'::text])))
  CREATE INDEX parcels_tracking ON parcels USING btree (tracking_number)
  CREATE INDEX parcels_tracking_start ON parcels USING btree (tracking_number COLLATE "C")
  CREATE TRIGGER tell_delete AFTER DELETE ON parcels REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')
  CREATE TRIGGER tell_insert AFTER INSERT ON parcels REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')
  CREATE TRIGGER tell_update AFTER UPDATE ON parcels REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')

table plugin_jobs
  plugin_id text not null
  job_id text not null
  last_tick_at timestamp(3) with time zone not null
  constraint plugin_jobs_plugin_id_job_id_pk PRIMARY KEY (plugin_id, job_id)

table plugin_migrations
  plugin_id text not null
  id text not null
  fingerprint text not null
  ran_at timestamp(3) with time zone not null
  constraint plugin_migrations_plugin_id_id_pk PRIMARY KEY (plugin_id, id)

table plugin_settings
  plugin_id text not null
  is_enabled boolean not null default true
  settings jsonb not null default '{}'::jsonb
  revision integer not null default 1
  updated_at timestamp(3) with time zone not null
  updated_by text not null
  constraint plugin_settings_pkey PRIMARY KEY (plugin_id)

table price_approvals
  listing_id text not null
  amount_minor bigint not null
  approved_by text not null
  approved_at timestamp(3) with time zone not null
  constraint price_approvals_listing_id_listings_id_fk FOREIGN KEY (listing_id) REFERENCES listings(id) ON DELETE CASCADE
  constraint price_approvals_pkey PRIMARY KEY (listing_id)

table price_rules
  connection_id text not null
  markup_basis_points integer not null default 0
  fee_basis_points integer not null default 0
  add_minor bigint not null default 0
  round_to_minor bigint not null default 1
  minus_minor bigint not null default 0
  margin_basis_points integer not null default 0
  constraint price_rules_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint price_rules_pkey PRIMARY KEY (connection_id)

table problems
  id text not null
  kind text not null
  key text not null
  connection_id text
  subject text
  message text not null
  vendor_message text
  field text
  holds_up text not null
  remedy text not null
  detail jsonb not null default '{}'::jsonb
  since timestamp(3) with time zone not null
  last_seen_at timestamp(3) with time zone not null
  times_seen integer not null default 1
  resolved_at timestamp(3) with time zone
  resolved_by text
  cause text not null default "left"(regexp_replace(regexp_replace(lower(COALESCE(vendor_message, message)), '"[^"]*"|“[^”]*”|''[^'']*''|[(][^)]*[)]'::text, '…'::text, 'g'::text), '[^ ]*[0-9][^ ]*'::text, '#'::text, 'g'::text), 200)
  search text not null default (' '::text || search_text(((((message || ' '::text) || COALESCE(vendor_message, ''::text)) || ' '::text) || COALESCE(subject, ''::text))))
  constraint problems_pkey PRIMARY KEY (id)
  CREATE INDEX problems_connection ON problems USING btree (connection_id, kind) WHERE (resolved_at IS NULL)
  CREATE UNIQUE INDEX problems_open ON problems USING btree (key) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_cause ON problems USING btree (kind, connection_id, cause, since, last_seen_at, id) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_kind ON problems USING btree (kind, last_seen_at, id) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_seen ON problems USING btree (last_seen_at, id) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_since ON problems USING btree (since, id) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_subject ON problems USING btree (subject) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_times ON problems USING btree (times_seen, id) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_open_words ON problems USING gin (search gin_trgm_ops) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_resolved ON problems USING btree (resolved_at, id) WHERE (resolved_at IS NOT NULL)
  CREATE INDEX problems_subject ON problems USING btree (subject)
  CREATE TRIGGER tell_delete AFTER DELETE ON problems REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('problems')
  CREATE TRIGGER tell_insert AFTER INSERT ON problems REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('problems')
  CREATE TRIGGER tell_update AFTER UPDATE ON problems REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('problems')

table products
  id text not null
  key text not null
  title jsonb not null
  description jsonb not null default '{}'::jsonb
  brand text
  category_id text
  images jsonb not null default '[]'::jsonb
  attributes jsonb not null default '{}'::jsonb
  option_names jsonb not null default '[]'::jsonb
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  revision integer not null default 1
  updated_by text
  constraint products_category_id_categories_id_fk FOREIGN KEY (category_id) REFERENCES categories(id)
  constraint products_pkey PRIMARY KEY (id)
  constraint products_key_unique UNIQUE (key)
  CREATE INDEX products_brand ON products USING btree (brand, key)
  CREATE INDEX products_category ON products USING btree (category_id, key)
  CREATE INDEX products_updated ON products USING btree (updated_at, id)
  CREATE TRIGGER products_search AFTER UPDATE ON products REFERENCING OLD TABLE AS former NEW TABLE AS renamed FOR EACH STATEMENT EXECUTE FUNCTION renew_variant_search()
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON products FOR EACH STATEMENT EXECUTE FUNCTION tell_change('products')

table promotional_prices
  id text not null
  variant_id text not null
  connection_id text
  currency text not null
  amount_minor bigint not null
  starts_at timestamp(3) with time zone not null
  ends_at timestamp(3) with time zone not null
  priority integer not null default 0
  source text not null
  approved_by text
  constraint promotional_prices_valid CHECK (((amount_minor > 0) AND (ends_at > starts_at)))
  constraint promotional_prices_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint promotional_prices_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint promotional_prices_pkey PRIMARY KEY (id)
  CREATE INDEX promotional_prices_ends ON promotional_prices USING btree (ends_at)
  CREATE INDEX promotional_prices_starts ON promotional_prices USING btree (starts_at)
  CREATE INDEX promotional_prices_variant ON promotional_prices USING btree (variant_id)
  CREATE TRIGGER tell_delete AFTER DELETE ON promotional_prices REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('products')
  CREATE TRIGGER tell_insert AFTER INSERT ON promotional_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('products')
  CREATE TRIGGER tell_update AFTER UPDATE ON promotional_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('products')

table proposal_lines
  proposal_id text not null
  position integer not null
  subject text not null
  field text not null
  was jsonb
  becomes jsonb
  constraint proposal_lines_proposal_id_proposals_id_fk FOREIGN KEY (proposal_id) REFERENCES proposals(id) ON DELETE CASCADE
  constraint proposal_lines_proposal_id_position_pk PRIMARY KEY (proposal_id, "position")
  CREATE INDEX proposal_lines_subject ON proposal_lines USING btree (proposal_id, subject)

table proposals
  id text not null
  kind text not null
  key text not null
  connection_id text
  title text not null
  reason text not null
  diff jsonb not null
  payload jsonb not null
  cost_calls integer not null default 0
  status text not null default 'open'::text
  proposed_by text not null
  proposed_at timestamp(3) with time zone not null
  decided_by text
  decided_at timestamp(3) with time zone
  applied_at timestamp(3) with time zone
  error text
  undo jsonb
  undone_by text
  undone_at timestamp(3) with time zone
  line_count integer not null default 0
  diff_print text not null default ''::text
  search text not null default (' '::text || search_text(((title || ' '::text) || reason)))
  constraint proposals_pkey PRIMARY KEY (id)
  CREATE INDEX proposals_connection ON proposals USING btree (connection_id, status, proposed_at, id)
  CREATE INDEX proposals_cost ON proposals USING btree (status, cost_calls, id)
  CREATE INDEX proposals_kind ON proposals USING btree (status, kind, proposed_at, id)
  CREATE UNIQUE INDEX proposals_open ON proposals USING btree (key) WHERE (status = 'open'::text)
  CREATE INDEX proposals_proposer ON proposals USING btree (proposed_by, status, proposed_at, id)
  CREATE INDEX proposals_status ON proposals USING btree (status, proposed_at, id)
  CREATE INDEX proposals_words ON proposals USING gin (search gin_trgm_ops)
  CREATE TRIGGER tell_delete AFTER DELETE ON proposals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('proposals')
  CREATE TRIGGER tell_insert AFTER INSERT ON proposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('proposals')
  CREATE TRIGGER tell_update AFTER UPDATE ON proposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('proposals')

table rate_buckets
  connection_id text not null
  bucket text not null
  per_second double precision not null
  burst double precision not null
  tokens double precision not null
  refilled_at timestamp(3) with time zone not null
  blocked_until timestamp(3) with time zone
  calls_taken bigint not null default 0
  calls_refused bigint not null default 0
  constraint rate_buckets_positive CHECK (((per_second > (0)::double precision) AND (burst >= (1)::double precision)))
  constraint rate_buckets_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint rate_buckets_connection_id_bucket_pk PRIMARY KEY (connection_id, bucket)

table refunds
  id text not null
  order_id text not null
  return_id text
  reference text not null
  amount_minor bigint not null
  currency text not null
  reason text not null
  lines jsonb not null
  is_restocked boolean not null
  proposal_id text
  call_id text
  created_by text not null
  created_at timestamp(3) with time zone not null default now()
  done_at timestamp(3) with time zone
  constraint refunds_amount CHECK ((amount_minor > 0))
  constraint refunds_call_id_once_calls_id_fk FOREIGN KEY (call_id) REFERENCES once_calls(id)
  constraint refunds_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint refunds_proposal_id_proposals_id_fk FOREIGN KEY (proposal_id) REFERENCES proposals(id)
  constraint refunds_return_id_returns_id_fk FOREIGN KEY (return_id) REFERENCES returns(id) ON DELETE CASCADE
  constraint refunds_pkey PRIMARY KEY (id)
  constraint refunds_reference UNIQUE (order_id, reference)
  CREATE INDEX refunds_call ON refunds USING btree (call_id)
  CREATE INDEX refunds_return ON refunds USING btree (return_id)
  CREATE TRIGGER tell_delete AFTER DELETE ON refunds REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')
  CREATE TRIGGER tell_insert AFTER INSERT ON refunds REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')
  CREATE TRIGGER tell_update AFTER UPDATE ON refunds REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')

table reservations
  order_line_id text not null
  variant_id text not null
  warehouse_id text not null
  per_unit integer not null default 1
  held bigint not null default 0
  shipped bigint not null default 0
  constraint reservations_counts CHECK (((held >= 0) AND (shipped >= 0)))
  constraint reservations_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id) ON DELETE CASCADE
  constraint reservations_order_line_id_variant_id_warehouse_id_pk PRIMARY KEY (order_line_id, variant_id, warehouse_id)
  CREATE INDEX reservations_variant ON reservations USING btree (variant_id)

table return_events
  id bigint not null default nextval('return_events_id_seq'::regclass)
  return_id text not null
  kind text not null
  from_status text
  to_status text
  detail text
  actor text not null
  at timestamp(3) with time zone not null
  constraint return_events_return_id_returns_id_fk FOREIGN KEY (return_id) REFERENCES returns(id) ON DELETE CASCADE
  constraint return_events_pkey PRIMARY KEY (id)
  CREATE INDEX return_events_return ON return_events USING btree (return_id, id)

table return_lines
  return_id text not null
  order_line_id text not null
  quantity integer not null
  reason text not null
  condition text
  restocked_quantity integer not null default 0
  written_off_quantity integer not null default 0
  missing_quantity integer not null default 0
  constraint return_lines_counts CHECK (((quantity > 0) AND (restocked_quantity >= 0) AND (written_off_quantity >= 0) AND (missing_quantity >= 0) AND (((restocked_quantity + written_off_quantity) + missing_quantity) <= quantity)))
  constraint return_lines_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id)
  constraint return_lines_return_id_returns_id_fk FOREIGN KEY (return_id) REFERENCES returns(id) ON DELETE CASCADE
  constraint return_lines_return_id_order_line_id_pk PRIMARY KEY (return_id, order_line_id)
  CREATE INDEX return_lines_line ON return_lines USING btree (order_line_id)

table returns
  id text not null
  order_id text not null
  connection_id text not null
  external_id text
  status text not null
  external_updated_at timestamp(3) with time zone
  external_fingerprint text
  note text
  revision integer not null default 1
  created_by text not null
  created_at timestamp(3) with time zone not null default now()
  closed_at timestamp(3) with time zone
  constraint returns_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id)
  constraint returns_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint returns_pkey PRIMARY KEY (id)
  constraint returns_external UNIQUE (connection_id, external_id)
  CREATE INDEX returns_connection ON returns USING btree (connection_id, created_at, id)
  CREATE INDEX returns_created ON returns USING btree (created_at, id)
  CREATE INDEX returns_order ON returns USING btree (order_id)
  CREATE INDEX returns_status ON returns USING btree (status, created_at, id)
  CREATE TRIGGER tell_delete AFTER DELETE ON returns REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')
  CREATE TRIGGER tell_insert AFTER INSERT ON returns REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')
  CREATE TRIGGER tell_update AFTER UPDATE ON returns REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('returns')

table sales_quarters
  at timestamp(3) with time zone not null
  connection_id text not null
  currency text not null
  orders integer not null
  total_minor bigint not null
  constraint sales_quarters_at_connection_id_currency_pk PRIMARY KEY (at, connection_id, currency)

table saved_views
  id text not null
  list text not null
  name text not null
  filters jsonb not null default '{}'::jsonb
  sort text
  columns jsonb
  owner text not null
  is_shared boolean not null default false
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint saved_views_pkey PRIMARY KEY (id)
  constraint saved_views_name UNIQUE (owner, list, name)
  CREATE INDEX saved_views_shared ON saved_views USING btree (list) WHERE is_shared

table schedules
  connection_id text not null
  task text not null
  cron text not null
  time_zone text not null default 'UTC'::text
  is_enabled boolean not null default true
  last_tick_at timestamp(3) with time zone
  constraint schedules_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint schedules_connection_id_task_pk PRIMARY KEY (connection_id, task)
  CREATE TRIGGER tell_delete AFTER DELETE ON schedules REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')
  CREATE TRIGGER tell_insert AFTER INSERT ON schedules REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')
  CREATE TRIGGER tell_update AFTER UPDATE ON schedules REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('connections')

table shipment_batches
  id text not null
  order_ids jsonb not null
  wish jsonb
  skipped jsonb not null default '[]'::jsonb
  created_by text not null
  created_at timestamp(3) with time zone not null default now()
  finished_at timestamp(3) with time zone
  handed_over_at timestamp(3) with time zone
  cancelled_at timestamp(3) with time zone
  constraint shipment_batches_pkey PRIMARY KEY (id)

table shipment_documents
  id text not null
  shipment_id text not null
  parcel_id text
  kind text not null
  format text not null
  bytes bytea not null
  created_at timestamp(3) with time zone not null default now()
  constraint shipment_documents_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint shipment_documents_shipment_id_shipments_id_fk FOREIGN KEY (shipment_id) REFERENCES shipments(id) ON DELETE CASCADE
  constraint shipment_documents_pkey PRIMARY KEY (id)
  CREATE INDEX shipment_documents_shipment ON shipment_documents USING btree (shipment_id)

table shipments
  id text not null
  order_id text
  warehouse_id text
  batch_id text
  connection_id text
  tracking_connection_id text
  carrier text
  service text
  service_name text
  state text not null default 'planned'::text
  external_id text
  from_place jsonb not null
  to_place jsonb not null
  label_format text
  is_signature_required boolean not null default false
  customs jsonb
  declared_minor bigint
  declared_currency text
  offer jsonb
  explanation jsonb not null default '[]'::jsonb
  quoted_minor bigint
  quoted_currency text
  booked_minor bigint
  booked_currency text
  booked_charges jsonb
  ship_at timestamp(3) with time zone not null
  ship_by timestamp(3) with time zone
  promised_at timestamp(3) with time zone
  booked_at timestamp(3) with time zone
  handed_over_at timestamp(3) with time zone
  delivered_at timestamp(3) with time zone
  cancelled_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null default now()
  constraint shipments_batch_id_shipment_batches_id_fk FOREIGN KEY (batch_id) REFERENCES shipment_batches(id)
  constraint shipments_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id)
  constraint shipments_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint shipments_tracking_connection_id_connections_id_fk FOREIGN KEY (tracking_connection_id) REFERENCES connections(id)
  constraint shipments_warehouse_id_warehouses_id_fk FOREIGN KEY (warehouse_id) REFERENCES warehouses(id)
  constraint shipments_pkey PRIMARY KEY (id)
  CREATE INDEX shipments_batch ON shipments USING btree (batch_id)
  CREATE INDEX shipments_booked ON shipments USING btree (booked_at, id) WHERE (booked_at IS NOT NULL)
  CREATE INDEX shipments_carrier ON shipments USING btree (carrier, created_at, id)
  CREATE INDEX shipments_connection ON shipments USING btree (connection_id, created_at, id)
  CREATE INDEX shipments_created ON shipments USING btree (created_at, id)
  CREATE INDEX shipments_external ON shipments USING btree (external_id)
  CREATE INDEX shipments_order ON shipments USING btree (order_id)
  CREATE INDEX shipments_promised ON shipments USING btree (promised_at, id)
  CREATE INDEX shipments_state ON shipments USING btree (state, created_at)
  CREATE INDEX shipments_to_hand_over ON shipments USING btree (created_at, id) WHERE ((state = 'booked'::text) AND (handed_over_at IS NULL))
  CREATE INDEX shipments_undelivered ON shipments USING btree (promised_at, id) WHERE ((state = 'booked'::text) AND (delivered_at IS NULL) AND (promised_at IS NOT NULL))
  CREATE TRIGGER tell_delete AFTER DELETE ON shipments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')
  CREATE TRIGGER tell_insert AFTER INSERT ON shipments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')
  CREATE TRIGGER tell_update AFTER UPDATE ON shipments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('shipments')

table shipping_quotes
  id text not null
  order_id text
  request jsonb not null
  offers jsonb not null
  unavailable jsonb not null
  created_at timestamp(3) with time zone not null default now()
  constraint shipping_quotes_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint shipping_quotes_pkey PRIMARY KEY (id)
  CREATE INDEX shipping_quotes_order ON shipping_quotes USING btree (order_id, created_at)

table shortfalls
  order_line_id text not null
  variant_id text not null
  quantity bigint not null
  since timestamp(3) with time zone not null
  constraint shortfalls_positive CHECK ((quantity > 0))
  constraint shortfalls_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id) ON DELETE CASCADE
  constraint shortfalls_pkey PRIMARY KEY (order_line_id)
  CREATE INDEX shortfalls_variant ON shortfalls USING btree (variant_id, since)

table stock_allocations
  id text not null
  connection_id text not null
  variant_id text
  share_basis_points integer
  cap bigint
  buffer bigint not null default 0
  updated_at timestamp(3) with time zone not null default now()
  revision integer not null default 1
  updated_by text
  constraint stock_allocations_valid CHECK ((((share_basis_points >= 1) AND (share_basis_points <= 10000)) AND (cap >= 0) AND (buffer >= 0)))
  constraint stock_allocations_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint stock_allocations_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint stock_allocations_pkey PRIMARY KEY (id)
  constraint stock_allocations_scope UNIQUE NULLS NOT DISTINCT (connection_id, variant_id)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON stock_allocations FOR EACH STATEMENT EXECUTE FUNCTION tell_change('stock')

table stock_days
  day date not null
  currency text not null
  units bigint not null
  value_minor bigint not null
  taken_at timestamp(3) with time zone not null
  constraint stock_days_day_currency_pk PRIMARY KEY (day, currency)

table stock_levels
  variant_id text not null
  warehouse_id text not null
  on_hand bigint not null default 0
  reserved bigint not null default 0
  incoming bigint not null default 0
  constraint stock_levels_counts CHECK (((on_hand >= 0) AND (reserved >= 0) AND (incoming >= 0)))
  constraint stock_levels_reserved_exists CHECK ((reserved <= on_hand))
  constraint stock_levels_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint stock_levels_warehouse_id_warehouses_id_fk FOREIGN KEY (warehouse_id) REFERENCES warehouses(id)
  constraint stock_levels_variant_id_warehouse_id_pk PRIMARY KEY (variant_id, warehouse_id)
  CREATE INDEX stock_levels_available ON stock_levels USING btree (((on_hand - reserved)), variant_id, warehouse_id)
  CREATE INDEX stock_levels_incoming ON stock_levels USING btree (NULLIF(incoming, 0), variant_id, warehouse_id) WHERE (NULLIF(incoming, 0) IS NOT NULL)
  CREATE INDEX stock_levels_on_hand ON stock_levels USING btree (on_hand, variant_id, warehouse_id)
  CREATE INDEX stock_levels_reserved ON stock_levels USING btree (NULLIF(reserved, 0), variant_id, warehouse_id) WHERE (NULLIF(reserved, 0) IS NOT NULL)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON stock_levels FOR EACH STATEMENT EXECUTE FUNCTION tell_change('stock')

table stock_movements
  id bigint not null default nextval('stock_movements_id_seq'::regclass)
  variant_id text not null
  warehouse_id text not null
  on_hand bigint not null default 0
  reserved bigint not null default 0
  incoming bigint not null default 0
  kind text not null
  reason text not null
  reference text
  actor text not null
  at timestamp(3) with time zone not null
  constraint stock_movements_pkey PRIMARY KEY (id)
  CREATE INDEX stock_movements_variant ON stock_movements USING btree (variant_id, id)
  CREATE TRIGGER stock_movements_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stock_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table sync_runs
  id text not null
  connection_id text not null
  task text not null
  started_at timestamp(3) with time zone not null
  finished_at timestamp(3) with time zone
  outcome text
  counts jsonb not null default '{}'::jsonb
  error text
  calls integer not null default 0
  failed_calls integer not null default 0
  lease_token bigint
  cancelled_by text
  is_idle boolean not null default false
  constraint sync_runs_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint sync_runs_pkey PRIMARY KEY (id)
  CREATE INDEX sync_runs_busy ON sync_runs USING btree (id) WHERE (NOT is_idle)
  CREATE INDEX sync_runs_connection ON sync_runs USING btree (connection_id, is_idle, id)
  CREATE INDEX sync_runs_open ON sync_runs USING btree (connection_id, task) WHERE (finished_at IS NULL)
  CREATE INDEX sync_runs_outcome ON sync_runs USING btree (outcome, id) WHERE (outcome <> 'done'::text)
  CREATE INDEX sync_runs_recent ON sync_runs USING btree (connection_id, task, id)
  CREATE INDEX sync_runs_task ON sync_runs USING btree (task, is_idle, id)
  CREATE TRIGGER tell_delete AFTER DELETE ON sync_runs REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('runs')
  CREATE TRIGGER tell_insert AFTER INSERT ON sync_runs REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('runs')
  CREATE TRIGGER tell_update AFTER UPDATE ON sync_runs REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('runs')

table tickets
  id text not null
  connection_id text not null
  aspect text not null
  ticket text not null
  items jsonb not null
  changes jsonb not null
  submitted_at timestamp(3) with time zone not null
  checked_at timestamp(3) with time zone
  settled_at timestamp(3) with time zone
  constraint tickets_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint tickets_pkey PRIMARY KEY (id)
  CREATE INDEX tickets_open ON tickets USING btree (connection_id, aspect) WHERE (settled_at IS NULL)

table tracking_events
  parcel_id text not null
  key text not null
  at timestamp(3) with time zone not null
  state text
  incident text
  code text
  description text not null
  location text
  seen_at timestamp(3) with time zone not null
  constraint tracking_events_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint tracking_events_parcel_id_key_pk PRIMARY KEY (parcel_id, key)

table unbound_listings
  connection_id text not null
  external_id text not null
  external_parent_id text
  sku text
  title text not null
  seen_at timestamp(3) with time zone not null
  constraint unbound_listings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint unbound_listings_connection_id_external_id_pk PRIMARY KEY (connection_id, external_id)
  CREATE TRIGGER tell_delete AFTER DELETE ON unbound_listings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_insert AFTER INSERT ON unbound_listings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')
  CREATE TRIGGER tell_update AFTER UPDATE ON unbound_listings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('mappings')

table unreadable_documents
  connection_id text not null
  kind text not null
  key text not null
  raw jsonb not null
  reason text not null
  seen_at timestamp(3) with time zone not null
  constraint unreadable_documents_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint unreadable_documents_connection_id_kind_key_pk PRIMARY KEY (connection_id, kind, key)

table variants
  id text not null
  product_id text not null
  sku text not null
  gtin text
  options jsonb not null default '{}'::jsonb
  images jsonb not null default '[]'::jsonb
  weight_grams integer
  length_mm integer
  width_mm integer
  height_mm integer
  cost_minor bigint
  cost_currency text
  tax_class text
  compliance jsonb not null default '{}'::jsonb
  created_at timestamp(3) with time zone not null default now()
  search text not null default ''::text
  constraint variants_cost CHECK ((((cost_minor IS NULL) = (cost_currency IS NULL)) AND (cost_minor >= 0)))
  constraint variants_weight CHECK ((weight_grams > 0))
  constraint variants_product_id_products_id_fk FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE
  constraint variants_pkey PRIMARY KEY (id)
  constraint variants_sku_unique UNIQUE (sku)
  CREATE INDEX variants_gtin ON variants USING btree (gtin) WHERE (gtin IS NOT NULL)
  CREATE INDEX variants_product ON variants USING btree (product_id)
  CREATE INDEX variants_search ON variants USING gin (search gin_trgm_ops)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON variants FOR EACH STATEMENT EXECUTE FUNCTION tell_change('products')
  CREATE TRIGGER variants_search BEFORE INSERT OR UPDATE OF sku, gtin, product_id, search ON variants FOR EACH ROW EXECUTE FUNCTION set_variant_search()

table warehouses
  id text not null
  code text not null
  name text not null
  priority integer not null default 0
  is_active boolean not null default true
  address jsonb
  constraint warehouses_pkey PRIMARY KEY (id)
  constraint warehouses_code_unique UNIQUE (code)
  CREATE TRIGGER tell_change AFTER INSERT OR DELETE OR UPDATE ON warehouses FOR EACH STATEMENT EXECUTE FUNCTION tell_change('stock')

table webhook_receipts
  connection_id text not null
  outcome text not null
  last_at timestamp(3) with time zone not null
  received bigint not null
  constraint webhook_receipts_connection_id_outcome_pk PRIMARY KEY (connection_id, outcome)

table work_items
  work_id text not null
  position integer not null
  subject text not null
  state text not null default 'waiting'::text
  reason text
  undo jsonb
  constraint work_items_work_id_works_id_fk FOREIGN KEY (work_id) REFERENCES works(id) ON DELETE CASCADE
  constraint work_items_work_id_position_pk PRIMARY KEY (work_id, "position")
  CREATE INDEX work_items_failed ON work_items USING btree (work_id, "position") WHERE (state = 'failed'::text)

table works
  id text not null
  kind text not null
  title text not null
  parameters jsonb not null default '{}'::jsonb
  actor text not null
  state text not null default 'waiting'::text
  total bigint not null default 0
  done bigint not null default 0
  failed integer not null default 0
  cursor jsonb
  result jsonb
  error text
  attempts integer not null default 0
  undoes text
  created_at timestamp(3) with time zone not null default now()
  started_at timestamp(3) with time zone
  changed_at timestamp(3) with time zone
  finished_at timestamp(3) with time zone
  cancelled_by text
  constraint works_pkey PRIMARY KEY (id)
  CREATE INDEX works_actor ON works USING btree (actor, id)
  CREATE INDEX works_kind ON works USING btree (kind, id)
  CREATE INDEX works_open ON works USING btree (id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]))
  CREATE INDEX works_state ON works USING btree (state, id)
  CREATE UNIQUE INDEX works_undoes ON works USING btree (undoes)
  CREATE TRIGGER tell_delete AFTER DELETE ON works REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('work')
  CREATE TRIGGER tell_insert AFTER INSERT ON works REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('work')
  CREATE TRIGGER tell_update AFTER UPDATE ON works REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change('work')

function hub_now() returns timestamp with time zone:  SELECT coalesce(nullif(current_setting('entrepot.now', true), '')::timestamptz, clock_timestamp()) 
function refuse_change() returns trigger:  BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END 
function renew_variant_search() returns trigger:  BEGIN UPDATE variants SET search = '' FROM renamed JOIN former ON former.id = renamed.id WHERE variants.product_id = renamed.id AND (renamed.key, renamed.title, renamed.brand) IS DISTINCT FROM (former.key, former.title, former.brand); RETURN NULL; END 
function search_text(given text) returns text:  DECLARE plain text := lower(given); BEGIN IF octet_length(plain) = length(plain) THEN RETURN plain; END IF; RETURN ( SELECT coalesce(string_agg( CASE WHEN ascii(letter) < 128 THEN letter WHEN ascii(letter) < 65536 THEN 'Z' || lpad(to_hex(ascii(letter)), 4, '0') ELSE 'Y' || lpad(to_hex(ascii(letter)), 6, '0') END, '' ORDER BY place), '') FROM unnest(string_to_array(normalize(plain, NFKD), NULL)) WITH ORDINALITY AS letters(letter, place) WHERE ascii(letter) NOT BETWEEN 768 AND 879 ); END 
function set_variant_search() returns trigger:  BEGIN SELECT ' ' || search_text(concat_ws(' ', NEW.sku, NEW.gtin, product.key, product.brand, (SELECT string_agg(title.value, ' ' ORDER BY title.key) FROM jsonb_each_text(product.title) title))) INTO NEW.search FROM products product WHERE product.id = NEW.product_id; NEW.search := coalesce(NEW.search, ''); RETURN NEW; END 
function tell_change() returns trigger:  BEGIN PERFORM pg_notify('entrepot_changed', TG_ARGV[0]); RETURN NULL; END 
function tell_changes_of(IN changing regclass, IN topic text) returns :  BEGIN EXECUTE format('CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION tell_change(%L)', changing, topic); END 
function tell_real_change() returns trigger:  BEGIN IF EXISTS (SELECT FROM changed) THEN PERFORM pg_notify('entrepot_changed', TG_ARGV[0]); END IF; RETURN NULL; END 
function tell_real_changes_of(IN changing regclass, IN topic text) returns :  BEGIN EXECUTE format('CREATE TRIGGER tell_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic); EXECUTE format('CREATE TRIGGER tell_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic); EXECUTE format('CREATE TRIGGER tell_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_real_change(%L)', changing, topic); END 
