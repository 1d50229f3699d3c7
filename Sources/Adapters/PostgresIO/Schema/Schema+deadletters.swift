extension Schema {
  /// What became of dead letters: sent to their topic, stored after all.
  static let deadLetters = """
    -- When the topic of dead letters had it; send_problem: why it never will.
    ALTER TABLE dead_letter ADD COLUMN sent_at timestamptz, ADD COLUMN send_problem text,
      ADD COLUMN tried_at timestamptz;
    CREATE INDEX dead_letter_unsent ON dead_letter (source, record_offset) WHERE sent_at IS NULL;

    -- Letters that were stored when they were replayed: they left dead_letter in that transaction.
    CREATE TABLE dead_letter_settled (
      LIKE dead_letter INCLUDING DEFAULTS,
      outcome text NOT NULL CHECK (outcome IN ('stored', 'repeated')),
      settled_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX dead_letter_settled_place ON dead_letter_settled (source, record_offset);
    CREATE INDEX dead_letter_settled_run ON dead_letter_settled (run) WHERE run IS NOT NULL;

    """
}
