extension Schema {
  /// Who may sign in to the master.
  static let users = """
    CREATE TABLE app_user (
      name text PRIMARY KEY CHECK (name ~ '^[A-Za-z0-9._@-]{1,64}$'),
      -- scrypt$ln=…,r=…,p=…$salt$key
      password text NOT NULL,
      role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
      -- Goes up with every change of password, role and right to sign in; a token of an older one is void.
      generation bigint NOT NULL DEFAULT 1 CHECK (generation >= 1),
      created_at timestamptz NOT NULL DEFAULT now(),
      changed_at timestamptz NOT NULL DEFAULT now(),
      disabled_at timestamptz
    );

    """
}
