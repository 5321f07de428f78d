-- Reference case store: what a system of citizens' reports must offer so that its cases can be followed.
-- Two tables, one index, and triggers that say when a case changed. Names may differ; a mapping names them.

CREATE TABLE cases (
    case_id text PRIMARY KEY,
    channel text NOT NULL,
    category_code text NOT NULL,
    priority text NOT NULL DEFAULT 'normal',
    area_code text,
    org_code text,
    received_at timestamptz NOT NULL,
    due_at timestamptz,
    parent_case_id text,
    longitude double precision,
    latitude double precision,
    -- A real store has the text of the report and who sent it beside these. Nothing ever reads them.
    description text,
    reporter text,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Changes are read in this order.
CREATE INDEX cases_in_order_of_change ON cases (updated_at, case_id);

CREATE TABLE case_events (
    case_id text NOT NULL REFERENCES cases,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('received', 'dispatched', 'accepted', 'returned', 'paused', 'resumed', 'extended',
        'answered', 'closed', 'rejected', 'merged', 'reopened', 'rated')),
    org_code text,
    due_at timestamptz,
    satisfied boolean,
    PRIMARY KEY (case_id, seq)
);

-- The time of change is that of the writing, not of the beginning of the transaction, and grows with every change.
CREATE FUNCTION case_is_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');
    ELSE
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER case_is_changed BEFORE INSERT OR UPDATE ON cases
    FOR EACH ROW EXECUTE FUNCTION case_is_changed();

-- An event changes its case.
CREATE FUNCTION event_changes_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases SET updated_at = updated_at WHERE case_id IN (SELECT case_id FROM changed);
    RETURN NULL;
END $$;

CREATE TRIGGER event_is_added AFTER INSERT ON case_events
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION event_changes_its_case();
CREATE TRIGGER event_is_corrected AFTER UPDATE ON case_events
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION event_changes_its_case();
CREATE TRIGGER event_is_removed AFTER DELETE ON case_events
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION event_changes_its_case();

-- Whoever listens hears of it when the transaction commits; once, however many rows it wrote.
CREATE FUNCTION say_that_cases_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('case_changes', '');
    RETURN NULL;
END $$;

CREATE TRIGGER say_that_cases_changed AFTER INSERT OR UPDATE ON cases
    FOR EACH STATEMENT EXECUTE FUNCTION say_that_cases_changed();
