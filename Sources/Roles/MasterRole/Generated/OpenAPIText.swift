// swift-format-ignore-file
// Made by scripts/embed-openapi from proto-free-schema/openapi.json.

/// The document that `/openapi.json` serves.
enum OpenAPIText {
  static let json = #"""
{
  "openapi": "3.1.0",
  "info": {
    "title": "Stampede master",
    "version": "1",
    "description": "The REST interface of a master. Every error is a problem document (RFC 9457) whose detail says what was found and what was expected. Ids are UUIDs, times RFC 3339 in UTC with milliseconds. Within version 1 members may be added; none changes its meaning or goes."
  },
  "servers": [{"url": "/"}],
  "security": [{"bearer": []}],
  "tags": [
    {"name": "sign-in", "description": "Tokens and users."},
    {"name": "tests", "description": "Submit, follow, stop."},
    {"name": "fleet", "description": "Workers and counts."},
    {"name": "operating", "description": "For whoever watches over the process; no token is needed."}
  ],
  "paths": {
    "/auth/login": {
      "post": {
        "summary": "Sign in",
        "tags": ["sign-in"],
        "description": "Wrong names and wrong passwords get the same answer in the same time. Attempts are limited per address and per account.",
        "operationId": "login",
        "security": [],
        "requestBody": {
          "required": true,
          "description": "At most 4 KiB.",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Credentials"}}}
        },
        "responses": {
          "200": {
            "description": "A token for one hour.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Session"}}},
            "headers": {"Cache-Control": {"schema": {"const": "no-store"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/auth/password": {
      "post": {
        "summary": "Change one's own password",
        "tags": ["sign-in"],
        "operationId": "changePassword",
        "security": [],
        "requestBody": {
          "required": true,
          "description": "At most 4 KiB.",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PasswordChange"}}}
        },
        "responses": {
          "200": {
            "description": "The user; tokens made before are void.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "429": {"$ref": "#/components/responses/TooMany"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/users": {
      "get": {
        "summary": "All users",
        "tags": ["sign-in"],
        "description": "Needs the role admin.",
        "operationId": "users",
        "responses": {
          "200": {
            "description": "By name.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Users"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/users/{name}": {
      "parameters": [
        {
          "name": "name",
          "in": "path",
          "required": true,
          "schema": {"type": "string", "pattern": "^[A-Za-z0-9._@-]{1,64}$"}
        }
      ],
      "put": {
        "summary": "Make or change a user",
        "tags": ["sign-in"],
        "description": "Needs the role admin. What is not given stays as it is; a new user needs a role and a password.",
        "operationId": "putUser",
        "requestBody": {
          "required": true,
          "description": "At most 4 KiB.",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UserChange"}}}
        },
        "responses": {
          "200": {
            "description": "The user as he is now. Tokens made before a change are void.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {
            "description": "No such user, and no role and password to make one.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
          },
          "409": {
            "description": "No admin who may sign in would be left.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
          },
          "413": {"$ref": "#/components/responses/TooLarge"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/test/submit": {
      "post": {
        "summary": "Submit Vegeta targets",
        "tags": ["tests"],
        "description": "Needs the role operator. Options that are not supported are refused, never ignored.",
        "operationId": "submitTargets",
        "parameters": [
          {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key by the same user gives the test that the first request made, and no second one.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255}
          }
        ],
        "requestBody": {
          "required": true,
          "description": "At most 8 MiB.",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VegetaSubmission"}}}
        },
        "responses": {
          "202": {
            "description": "The test is stored and waits for workers.",
            "headers": {"Location": {"description": "/api/tests/{testId}", "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Submitted"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/tests": {
      "get": {
        "summary": "Tests, the latest first",
        "tags": ["tests"],
        "operationId": "tests",
        "parameters": [
          {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
          {
            "name": "before",
            "in": "query",
            "description": "The `next` of the page before.",
            "schema": {"type": "string", "pattern": "^[1-9][0-9]*$"}
          },
          {
            "name": "state",
            "in": "query",
            "description": "Only tests in this state.",
            "schema": {"$ref": "#/components/schemas/State"}
          }
        ],
        "responses": {
          "200": {
            "description": "A page of them.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TestPage"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      },
      "post": {
        "summary": "Submit a plan",
        "tags": ["tests"],
        "description": "Needs the role operator. The body is a plan by plan.schema.json.",
        "operationId": "submitPlan",
        "parameters": [
          {
            "name": "workers",
            "in": "query",
            "description": "How many workers it waits for; without it the idle ones are taken.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 5000}
          },
          {
            "name": "name",
            "in": "query",
            "description": "What the test is called.",
            "schema": {"$ref": "#/components/schemas/Name"}
          },
          {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key by the same user gives the test that the first request made, and no second one.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255}
          }
        ],
        "requestBody": {
          "required": true,
          "description": "At most 8 MiB.",
          "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/yaml": {"schema": {"type": "string"}}
          }
        },
        "responses": {
          "202": {
            "description": "The test is stored and waits for workers.",
            "headers": {"Location": {"description": "/api/tests/{testId}", "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Submitted"}}}
          },
          "400": {"$ref": "#/components/responses/BadRequest"},
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "409": {"$ref": "#/components/responses/Conflict"},
          "413": {"$ref": "#/components/responses/TooLarge"},
          "415": {
            "description": "The body is neither JSON nor YAML.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
          },
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/tests/{id}": {
      "parameters": [{"$ref": "#/components/parameters/TestId"}],
      "get": {
        "summary": "One test",
        "tags": ["tests"],
        "operationId": "test",
        "responses": {
          "200": {
            "description": "The test as it is now.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Test"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/tests/{id}/results": {
      "parameters": [{"$ref": "#/components/parameters/TestId"}],
      "get": {
        "summary": "A test's result",
        "tags": ["tests"],
        "description": "Right after a test's end the last records are waited for, 10 s at most.",
        "operationId": "results",
        "responses": {
          "200": {
            "description": "The result by summary.schema.json, of what is known so far.",
            "headers": {
              "Stampede-Result": {
                "description": "live: from the workers' reports; stored: from PostgreSQL, complete; partial: from PostgreSQL, and something lacks.",
                "schema": {"enum": ["live", "stored", "partial"]}
              }
            },
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Result"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/tests/{id}/events": {
      "parameters": [{"$ref": "#/components/parameters/TestId"}],
      "get": {
        "summary": "Follow a test",
        "tags": ["tests"],
        "operationId": "events",
        "parameters": [{"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}}],
        "responses": {
          "200": {
            "description": "Server-sent events: `state` (the test), `second` (figures of the test so far), one `end`. A comment every 15 s. A client that comes back with Last-Event-ID gets what it missed.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/tests/{id}/stop": {
      "parameters": [{"$ref": "#/components/parameters/TestId"}],
      "post": {
        "summary": "Stop a test",
        "tags": ["tests"],
        "description": "Needs the role operator for own tests, admin for others'.",
        "operationId": "stop",
        "parameters": [
          {
            "name": "now",
            "in": "query",
            "description": "true does not wait for replies.",
            "schema": {"type": "boolean", "default": false}
          }
        ],
        "responses": {
          "202": {
            "description": "The test; it ends when its replies are there. One that has ended stays as it is.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Test"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "403": {"$ref": "#/components/responses/Forbidden"},
          "404": {"$ref": "#/components/responses/NotFound"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/workers": {
      "get": {
        "summary": "The workers",
        "tags": ["fleet"],
        "operationId": "workers",
        "responses": {
          "200": {
            "description": "Those that are connected.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Workers"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/api/dashboard": {
      "get": {
        "summary": "Counts at a glance",
        "tags": ["fleet"],
        "operationId": "dashboard",
        "responses": {
          "200": {
            "description": "Workers and tests by state, and the latest tests.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Dashboard"}}}
          },
          "401": {"$ref": "#/components/responses/Unauthenticated"},
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/healthz": {
      "get": {
        "summary": "Whether the process lives",
        "tags": ["operating"],
        "operationId": "healthz",
        "security": [],
        "responses": {"200": {"description": "It does.", "content": {"text/plain": {"schema": {"type": "string"}}}}}
      }
    },
    "/readyz": {
      "get": {
        "summary": "Whether it can take tests",
        "tags": ["operating"],
        "operationId": "readyz",
        "security": [],
        "responses": {
          "200": {
            "description": "PostgreSQL, Kafka and the workers' port are there.",
            "content": {"text/plain": {"schema": {"type": "string"}}}
          },
          "503": {"$ref": "#/components/responses/Unavailable"}
        }
      }
    },
    "/metrics": {
      "get": {
        "summary": "Figures for Prometheus",
        "tags": ["operating"],
        "operationId": "metrics",
        "security": [],
        "responses": {
          "200": {"description": "The text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}
        }
      }
    },
    "/openapi.json": {
      "get": {
        "summary": "This document",
        "tags": ["operating"],
        "operationId": "openapi",
        "security": [],
        "responses": {
          "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}
        }
      }
    },
    "/": {
      "get": {
        "summary": "A page that says how to begin",
        "tags": ["operating"],
        "operationId": "page",
        "security": [],
        "responses": {"200": {"description": "HTML.", "content": {"text/html": {"schema": {"type": "string"}}}}}
      }
    }
  },
  "components": {
    "securitySchemes": {
      "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token of POST /auth/login."
      }
    },
    "parameters": {
      "TestId": {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}
    },
    "responses": {
      "BadRequest": {
        "description": "What was sent is not what is expected.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      },
      "Unauthenticated": {
        "description": "No token, or one that does not count.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {"WWW-Authenticate": {"schema": {"type": "string"}}}
      },
      "Forbidden": {
        "description": "The user's role does not allow it.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      },
      "NotFound": {
        "description": "There is none with this id.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      },
      "Conflict": {
        "description": "It can't be done in this state, or the idempotency key was used for something else.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      },
      "TooLarge": {
        "description": "The body is larger than it may be.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      },
      "TooMany": {
        "description": "Too many attempts by this address or for this account.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
      },
      "Unavailable": {
        "description": "Something the master needs is away; try again.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
      }
    },
    "schemas": {
      "Problem": {
        "type": "object",
        "properties": {
          "type": {"type": "string"},
          "title": {"type": "string"},
          "status": {"type": "integer", "minimum": 400},
          "detail": {"type": "string", "description": "What was found and what was expected."}
        },
        "required": ["type", "title", "status", "detail"]
      },
      "Credentials": {
        "type": "object",
        "properties": {"username": {"type": "string"}, "password": {"type": "string"}},
        "required": ["username", "password"],
        "additionalProperties": false
      },
      "PasswordChange": {
        "type": "object",
        "properties": {
          "username": {"type": "string"},
          "password": {"type": "string"},
          "newPassword": {"type": "string", "minLength": 12}
        },
        "required": ["username", "password", "newPassword"],
        "additionalProperties": false
      },
      "Session": {
        "type": "object",
        "properties": {
          "token": {"type": "string"},
          "expiresAt": {
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
          }
        },
        "required": ["token", "expiresAt"]
      },
      "Role": {
        "enum": ["viewer", "operator", "admin"],
        "description": "Each may do what those before it may. viewer: see everything; operator: submit, and stop own tests; admin: stop any test, look after users."
      },
      "User": {
        "type": "object",
        "properties": {
          "username": {"type": "string"},
          "role": {"$ref": "#/components/schemas/Role"},
          "disabled": {"type": "boolean"},
          "createdAt": {
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
          },
          "changedAt": {
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
          }
        },
        "required": ["username", "role", "disabled", "createdAt", "changedAt"]
      },
      "Users": {
        "type": "object",
        "properties": {"users": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}},
        "required": ["users"]
      },
      "UserChange": {
        "type": "object",
        "properties": {
          "role": {"$ref": "#/components/schemas/Role"},
          "password": {"type": "string", "minLength": 12},
          "disabled": {"type": "boolean"}
        },
        "required": [],
        "additionalProperties": false
      },
      "VegetaSubmission": {
        "type": "object",
        "properties": {
          "name": {"$ref": "#/components/schemas/Name"},
          "vegetaPayloadJson": {
            "description": "Vegeta's options, as an object or as its text: timeout, connections, redirects, keepalive …; a bare number where a duration is meant is seconds.",
            "anyOf": [{"type": "object"}, {"type": "string"}]
          },
          "durationSeconds": {
            "description": "`\"10s\"`, `\"10\"` or `10`.",
            "anyOf": [{"type": "string"}, {"type": "number", "exclusiveMinimum": 0}]
          },
          "ratePerSecond": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]},
          "targetsBase64": {"type": "string", "description": "Vegeta's targets, text or JSON, in base64."},
          "workers": {"type": "integer", "minimum": 1, "maximum": 5000}
        },
        "required": ["targetsBase64"],
        "additionalProperties": false
      },
      "Name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
        "description": "Without '/' and control characters."
      },
      "Submitted": {
        "type": "object",
        "properties": {"testId": {"type": "string", "format": "uuid"}, "state": {"$ref": "#/components/schemas/State"}},
        "required": ["testId", "state"]
      },
      "State": {
        "enum": ["queued", "preparing", "running", "paused", "draining", "finished", "stopped", "failed", "expired"]
      },
      "TestWorker": {
        "type": "object",
        "properties": {
          "worker": {"type": "string"},
          "incarnation": {"type": "string", "format": "uuid"},
          "state": {"type": "string"},
          "records": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
          "completed": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
          "endedReason": {"anyOf": [{"type": "string"}, {"type": "null"}]},
          "problem": {"anyOf": [{"type": "string"}, {"type": "null"}]}
        },
        "required": ["worker", "incarnation", "state", "records", "completed", "endedReason", "problem"]
      },
      "Progress": {
        "type": "object",
        "properties": {
          "second": {"type": "integer", "minimum": 0},
          "rate": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
          "completed": {"type": "integer", "minimum": 0},
          "errors": {"type": "integer", "minimum": 0},
          "p50Us": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
          "p99Us": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
          "progress": {
            "anyOf": [
              {"type": "number", "minimum": 0, "maximum": 1, "description": "How much of the plan is done."},
              {"type": "null"}
            ]
          }
        },
        "required": ["second", "rate", "completed", "errors", "p50Us", "p99Us", "progress"]
      },
      "Test": {
        "type": "object",
        "properties": {
          "testId": {"type": "string", "format": "uuid"},
          "name": {"type": "string"},
          "state": {"$ref": "#/components/schemas/State"},
          "reason": {"anyOf": [{"type": "string"}, {"type": "null"}]},
          "submittedBy": {"type": "string"},
          "submittedAt": {
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
          },
          "startedAt": {
            "anyOf": [
              {
                "type": "string",
                "format": "date-time",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
              },
              {"type": "null"}
            ]
          },
          "endedAt": {
            "anyOf": [
              {
                "type": "string",
                "format": "date-time",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
              },
              {"type": "null"}
            ]
          },
          "workersWanted": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
          "workers": {"type": "array", "items": {"$ref": "#/components/schemas/TestWorker"}},
          "isComplete": {"type": "boolean"},
          "progress": {"anyOf": [{"$ref": "#/components/schemas/Progress"}, {"type": "null"}]}
        },
        "required": [
          "testId",
          "name",
          "state",
          "reason",
          "submittedBy",
          "submittedAt",
          "startedAt",
          "endedAt",
          "workersWanted",
          "workers",
          "isComplete",
          "progress"
        ]
      },
      "TestPage": {
        "type": "object",
        "properties": {
          "tests": {"type": "array", "items": {"$ref": "#/components/schemas/Test"}},
          "next": {"anyOf": [{"type": "string"}, {"type": "null"}]}
        },
        "required": ["tests", "next"]
      },
      "Worker": {
        "type": "object",
        "properties": {
          "worker": {"type": "string"},
          "state": {"type": "string"},
          "host": {"type": "string"},
          "version": {"type": "string"},
          "cpus": {"type": "integer", "minimum": 0},
          "since": {
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
          },
          "testId": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}
        },
        "required": ["worker", "state", "host", "version", "cpus", "since", "testId"]
      },
      "Workers": {
        "type": "object",
        "properties": {"workers": {"type": "array", "items": {"$ref": "#/components/schemas/Worker"}}},
        "required": ["workers"]
      },
      "Dashboard": {
        "type": "object",
        "properties": {
          "workers": {
            "type": "object",
            "description": "A count for each state.",
            "additionalProperties": {"type": "integer", "minimum": 0}
          },
          "tests": {
            "type": "object",
            "description": "A count for each state.",
            "additionalProperties": {"type": "integer", "minimum": 0}
          },
          "latest": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Test"},
            "maxItems": 10,
            "description": "The latest first."
          }
        },
        "required": ["workers", "tests", "latest"]
      },
      "Result": {
        "title": "The result of one run",
        "description": "What summary.json holds. Times are whole microseconds, shares lie between 0 and 1, every percentile stands beside the counts it is made of. Within version 1 no member changes its meaning or goes; members may be added.",
        "type": "object",
        "properties": {
          "schema": {"const": "stampede.summary/1"},
          "run": {"$ref": "#/components/schemas/ResultRun"},
          "end": {
            "type": "object",
            "properties": {
              "reason": {
                "description": "Null where the last record is missing.",
                "enum": ["plan_ended", "stopped", "aborted", "unreachable", "failed", null]
              },
              "verdict": {"enum": ["passed", "failed", "incomplete", "stopped", "thresholds"]},
              "exitCode": {"enum": [0, 2, 3, 99, 105]}
            },
            "required": ["reason", "verdict", "exitCode"]
          },
          "complete": {"type": "boolean", "description": "Every record is at hand and every equation holds."},
          "incompleteBecause": {"type": "array", "items": {"type": "string"}},
          "planTimeUs": {"$ref": "#/components/schemas/ResultUs"},
          "timeToLastEndUs": {"$ref": "#/components/schemas/ResultUs"},
          "rateOffered": {
            "description": "Planned arrivals a second of the plan's time; null in the closed model.",
            "anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]
          },
          "counts": {
            "type": "object",
            "properties": {
              "planned": {"$ref": "#/components/schemas/ResultCount"},
              "started": {"$ref": "#/components/schemas/ResultCount"},
              "unsent": {"$ref": "#/components/schemas/ResultCount"},
              "gap": {"$ref": "#/components/schemas/ResultCount"},
              "requests": {"$ref": "#/components/schemas/ResultRequests"},
              "unknown": {"$ref": "#/components/schemas/ResultCount"},
              "workersCompleted": {"$ref": "#/components/schemas/ResultCount"},
              "stored": {"$ref": "#/components/schemas/ResultCount"},
              "explicitlyLost": {"$ref": "#/components/schemas/ResultCount"},
              "http2": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "Replies that came by HTTP/2, warm-up included; all others (answered − http2) by HTTP/1."
              },
              "warmUp": {"$ref": "#/components/schemas/ResultRequests"},
              "warmUpSchedule": {
                "type": "object",
                "description": "Arrivals of the warm-up, which the words above count too.",
                "properties": {
                  "planned": {"$ref": "#/components/schemas/ResultCount"},
                  "started": {"$ref": "#/components/schemas/ResultCount"},
                  "unsent": {"$ref": "#/components/schemas/ResultCount"},
                  "gap": {"$ref": "#/components/schemas/ResultCount"}
                },
                "required": ["planned", "started", "unsent", "gap"]
              },
              "failed": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "The sum of all errors, warm-up included."
              },
              "folded": {"$ref": "#/components/schemas/ResultCount"},
              "leniencies": {"$ref": "#/components/schemas/ResultCount"},
              "capped": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "Arrivals that found the cap on connections reached and waited for one to become free."
              },
              "iterations": {
                "type": "object",
                "description": "Of all scenarios, warm-up included.",
                "properties": {
                  "started": {"$ref": "#/components/schemas/ResultCount"},
                  "completed": {"$ref": "#/components/schemas/ResultCount"},
                  "failed": {"$ref": "#/components/schemas/ResultCount"},
                  "cut": {"$ref": "#/components/schemas/ResultCount", "description": "By the end of the run."},
                  "unknown": {
                    "$ref": "#/components/schemas/ResultCount",
                    "description": "Started by a worker that was killed before their end was recorded."
                  }
                },
                "required": ["started", "completed", "failed", "cut", "unknown"]
              }
            },
            "required": [
              "planned",
              "started",
              "unsent",
              "gap",
              "requests",
              "unknown",
              "workersCompleted",
              "stored",
              "explicitlyLost",
              "http2",
              "warmUp",
              "warmUpSchedule",
              "failed",
              "folded",
              "leniencies",
              "capped",
              "iterations"
            ]
          },
          "equations": {
            "type": "array",
            "minItems": 3,
            "maxItems": 5,
            "items": {
              "type": "object",
              "properties": {
                "text": {"type": "string"},
                "left": {"$ref": "#/components/schemas/ResultTerm"},
                "right": {"type": "array", "minItems": 2, "items": {"$ref": "#/components/schemas/ResultTerm"}},
                "residual": {"type": "integer", "description": "left − the sum of right; zero where it holds."}
              },
              "required": ["text", "left", "right", "residual"]
            }
          },
          "totals": {"$ref": "#/components/schemas/ResultTotals"},
          "names": {"type": "array", "items": {"$ref": "#/components/schemas/ResultRow"}},
          "iterations": {
            "type": "array",
            "description": "Passes of users through each scenario, warm-up left out; empty where the plan has no scenarios.",
            "items": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "started": {"$ref": "#/components/schemas/ResultCount"},
                "completed": {"$ref": "#/components/schemas/ResultCount"},
                "failed": {"$ref": "#/components/schemas/ResultCount"},
                "cut": {"$ref": "#/components/schemas/ResultCount", "description": "By the end of the run."},
                "perSecond": {"type": "number", "minimum": 0},
                "duration": {
                  "$ref": "#/components/schemas/ResultLatency",
                  "description": "Last end − arrival, of those completed."
                }
              },
              "required": ["name", "started", "completed", "failed", "cut", "perSecond", "duration"]
            }
          },
          "phases": {
            "type": "array",
            "description": "The warm-up and the parts of the load's shape; empty where the whole run is one.",
            "items": {
              "type": "object",
              "properties": {
                "index": {"$ref": "#/components/schemas/ResultCount"},
                "name": {"type": "string"},
                "warmUp": {"type": "boolean"},
                "fromUs": {"$ref": "#/components/schemas/ResultUs"},
                "toUs": {"$ref": "#/components/schemas/ResultUs"},
                "offered": {"$ref": "#/components/schemas/ResultCount"},
                "ok": {"$ref": "#/components/schemas/ResultCount"},
                "err": {"$ref": "#/components/schemas/ResultCount"},
                "rps": {"type": "number", "minimum": 0},
                "counts": {"$ref": "#/components/schemas/ResultRequests"},
                "response": {"$ref": "#/components/schemas/ResultSecondFigures"}
              },
              "required": [
                "index",
                "name",
                "warmUp",
                "fromUs",
                "toUs",
                "offered",
                "ok",
                "err",
                "rps",
                "counts",
                "response"
              ]
            }
          },
          "warmUp": {
            "description": "What was due in the warm-up, by name, in no other figure; rates are a second of the warm-up. Null where nothing was.",
            "anyOf": [
              {
                "type": "object",
                "properties": {
                  "totals": {"$ref": "#/components/schemas/ResultTotals"},
                  "names": {"type": "array", "items": {"$ref": "#/components/schemas/ResultRow"}}
                },
                "required": ["totals", "names"]
              },
              {"type": "null"}
            ]
          },
          "thresholds": {
            "type": "array",
            "description": "The plan's thresholds in its order, each judged on measured figures alone.",
            "items": {
              "type": "object",
              "properties": {
                "threshold": {"type": "string"},
                "passed": {"type": "boolean"},
                "found": {"type": "string", "description": "What was measured; empty where nothing was."},
                "reason": {
                  "type": "string",
                  "description": "Why it is broken where the figure does not say it; else empty."
                }
              },
              "required": ["threshold", "passed", "found", "reason"]
            }
          },
          "generator": {
            "type": "object",
            "properties": {
              "limited": {"type": "boolean"},
              "throughputLimited": {"type": "boolean"},
              "taintedSeconds": {"$ref": "#/components/schemas/ResultCount"},
              "activeSeconds": {"$ref": "#/components/schemas/ResultCount"},
              "findings": {
                "type": "array",
                "items": {
                  "type": "object",
                  "properties": {
                    "cause": {
                      "enum": [
                        "late_arrivals",
                        "busy_loop",
                        "long_turn",
                        "steal",
                        "throttled",
                        "no_ports",
                        "no_descriptors",
                        "late_waking"
                      ]
                    },
                    "seconds": {"$ref": "#/components/schemas/ResultCount"},
                    "reason": {"type": "string"},
                    "advice": {"type": "string"}
                  },
                  "required": ["cause", "seconds", "reason", "advice"]
                }
              },
              "lateness": {"$ref": "#/components/schemas/ResultLatency"},
              "fromWoke": {"$ref": "#/components/schemas/ResultLatency"},
              "response": {"$ref": "#/components/schemas/ResultLatency"}
            },
            "required": [
              "limited",
              "throughputLimited",
              "taintedSeconds",
              "activeSeconds",
              "findings",
              "lateness",
              "fromWoke",
              "response"
            ]
          },
          "timeline": {"type": "array", "items": {"$ref": "#/components/schemas/ResultSecond"}}
        },
        "required": [
          "schema",
          "run",
          "end",
          "complete",
          "incompleteBecause",
          "planTimeUs",
          "timeToLastEndUs",
          "rateOffered",
          "counts",
          "equations",
          "totals",
          "names",
          "iterations",
          "phases",
          "warmUp",
          "thresholds",
          "generator",
          "timeline"
        ],
        "allOf": [
          {
            "if": {"properties": {"complete": {"const": true}}},
            "then": {
              "properties": {
                "incompleteBecause": {"maxItems": 0},
                "equations": {"items": {"properties": {"residual": {"const": 0}}}}
              }
            },
            "else": {"properties": {"incompleteBecause": {"minItems": 1}}}
          }
        ]
      },
      "ResultCount": {"type": "integer", "minimum": 0},
      "ResultUs": {"type": "integer", "minimum": 0, "description": "Microseconds."},
      "ResultReading": {
        "description": "Microseconds; null where nothing was measured. atLeast: requests were given up, so that only a lower bound is known.",
        "anyOf": [
          {
            "type": "object",
            "properties": {"us": {"$ref": "#/components/schemas/ResultUs"}, "atLeast": {"type": "boolean"}},
            "required": ["us", "atLeast"]
          },
          {"type": "null"}
        ]
      },
      "ResultLatency": {
        "type": "object",
        "properties": {
          "count": {
            "$ref": "#/components/schemas/ResultCount",
            "description": "How many times it stands on, given-up requests included."
          },
          "censored": {
            "$ref": "#/components/schemas/ResultCount",
            "description": "How many of them are only lower bounds."
          },
          "min": {"$ref": "#/components/schemas/ResultReading"},
          "mean": {"$ref": "#/components/schemas/ResultReading"},
          "stdev": {"$ref": "#/components/schemas/ResultReading"},
          "p50": {"$ref": "#/components/schemas/ResultReading"},
          "p75": {"$ref": "#/components/schemas/ResultReading"},
          "p90": {"$ref": "#/components/schemas/ResultReading"},
          "p95": {"$ref": "#/components/schemas/ResultReading"},
          "p99": {"$ref": "#/components/schemas/ResultReading"},
          "p999": {"$ref": "#/components/schemas/ResultReading"},
          "max": {"$ref": "#/components/schemas/ResultReading"}
        },
        "required": ["count", "censored", "min", "mean", "stdev", "p50", "p75", "p90", "p95", "p99", "p999", "max"]
      },
      "ResultRequests": {
        "type": "object",
        "properties": {
          "started": {"$ref": "#/components/schemas/ResultCount"},
          "written": {"$ref": "#/components/schemas/ResultCount"},
          "answered": {"$ref": "#/components/schemas/ResultCount"},
          "completed": {"$ref": "#/components/schemas/ResultCount"},
          "accepted": {"$ref": "#/components/schemas/ResultCount"},
          "resent": {"$ref": "#/components/schemas/ResultCount"},
          "bytesOut": {"$ref": "#/components/schemas/ResultCount"},
          "bytesIn": {"$ref": "#/components/schemas/ResultCount"},
          "redirected": {
            "$ref": "#/components/schemas/ResultCount",
            "description": "Redirects that were followed: completed, neither accepted nor failed."
          },
          "retried": {
            "$ref": "#/components/schemas/ResultCount",
            "description": "Failed tries that another followed: completed, no outcome of a response."
          }
        },
        "required": [
          "started",
          "written",
          "answered",
          "completed",
          "accepted",
          "resent",
          "bytesOut",
          "bytesIn",
          "redirected",
          "retried"
        ]
      },
      "ResultCauses": {
        "type": "array",
        "description": "Why requests failed, in words, the commonest of each kind first; what differs from one failure to the next is folded. Left out where there is nothing to say.",
        "items": {
          "type": "object",
          "properties": {
            "kind": {"$ref": "#/components/schemas/ResultErrorKind"},
            "text": {
              "type": ["string", "null"],
              "description": "Null: reasons of this kind beyond those that are told apart."
            },
            "count": {"$ref": "#/components/schemas/ResultCount"}
          },
          "required": ["kind", "text", "count"]
        }
      },
      "ResultChecks": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "name": {"type": "string"},
            "passed": {"$ref": "#/components/schemas/ResultCount"},
            "failed": {"$ref": "#/components/schemas/ResultCount"}
          },
          "required": ["name", "passed", "failed"]
        }
      },
      "ResultErrorKind": {
        "enum": [
          "timeout",
          "connect",
          "dns",
          "tls",
          "reset",
          "status",
          "check",
          "malformed",
          "denied",
          "cut_off",
          "never_sent",
          "no_ports",
          "no_descriptors",
          "connect_timeout",
          "capture",
          "redirect",
          "resting"
        ]
      },
      "ResultTerm": {
        "type": "object",
        "properties": {"word": {"type": "string"}, "count": {"$ref": "#/components/schemas/ResultCount"}},
        "required": ["word", "count"]
      },
      "ResultRun": {
        "type": "object",
        "properties": {
          "name": {"type": "string"},
          "run": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
          "incarnations": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "id": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
                "completed": {
                  "description": "What the worker itself counted; null where it never said.",
                  "anyOf": [{"$ref": "#/components/schemas/ResultCount"}, {"type": "null"}]
                },
                "lost": {"$ref": "#/components/schemas/ResultCount"},
                "publication": {
                  "description": "Its records for Kafka when its process ended: safe there, kept in the spool, neither. Missing where they were not to go there.",
                  "type": "object",
                  "properties": {
                    "published": {"$ref": "#/components/schemas/ResultCount"},
                    "kept": {"$ref": "#/components/schemas/ResultCount"},
                    "lost": {"$ref": "#/components/schemas/ResultCount"}
                  },
                  "required": ["published", "kept", "lost"]
                }
              },
              "required": ["id", "completed", "lost"]
            }
          },
          "samples": {
            "description": "Requests to be kept one by one in samples.bin (samples.schema). Missing where none were.",
            "type": "object",
            "properties": {
              "oneIn": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "One response in so many was drawn; 1: all."
              },
              "kept": {"$ref": "#/components/schemas/ResultCount", "description": "Records of the file."},
              "missed": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "Left out: they came faster than they could be written."
              },
              "beyondBound": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "Left out: the file had reached its bound."
              },
              "unwritten": {
                "$ref": "#/components/schemas/ResultCount",
                "description": "Left out: the disk did not take them."
              },
              "problem": {"type": "string", "description": "Why it did not. Missing where it did."}
            },
            "required": ["oneIn", "kept", "missed", "beyondBound", "unwritten"]
          },
          "startedAt": {"type": "string", "description": "RFC 3339."},
          "startedAtSeconds": {"type": "integer", "description": "Since 1970-01-01T00:00:00Z."},
          "model": {"enum": ["open", "closed"]},
          "rate": {
            "description": "Arrivals, as 500/s or 0..500/30s,500/5m; null in the closed model.",
            "anyOf": [{"type": "string"}, {"type": "null"}]
          },
          "users": {
            "description": "A number, or as 0..100/30s,100/1m; null in the open model.",
            "anyOf": [{"$ref": "#/components/schemas/ResultCount"}, {"type": "string"}, {"type": "null"}]
          },
          "spacing": {"description": "Only where arrivals are not evenly spaced.", "enum": ["poisson"]},
          "durationUs": {"anyOf": [{"$ref": "#/components/schemas/ResultUs"}, {"type": "null"}]},
          "requests": {"anyOf": [{"$ref": "#/components/schemas/ResultCount"}, {"type": "null"}]},
          "warmUpUs": {
            "$ref": "#/components/schemas/ResultUs",
            "description": "What is due in it is in no figure but the warm-up's own."
          },
          "thresholds": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "threshold": {"type": "string", "description": "As it was written."},
                "name": {
                  "description": "Null for all names together.",
                  "anyOf": [{"type": "string"}, {"type": "null"}]
                },
                "measure": {"enum": ["percentile", "mean", "min", "max", "errors", "rps", "checks"]},
                "percentileMillionths": {"type": "integer", "minimum": 0, "maximum": 1000000},
                "comparison": {"enum": ["<", "<=", ">", ">="]},
                "bound": {
                  "type": "integer",
                  "description": "Microseconds of a time, millionths of a share, requests a second times a million."
                }
              },
              "required": ["threshold", "name", "measure", "comparison", "bound"]
            }
          },
          "targets": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {"name": {"type": "string"}, "method": {"type": "string"}, "url": {"type": "string"}},
              "required": ["name", "method", "url"]
            }
          },
          "timeoutUs": {"$ref": "#/components/schemas/ResultUs"},
          "connectTimeoutUs": {"$ref": "#/components/schemas/ResultUs"},
          "graceUs": {"$ref": "#/components/schemas/ResultUs"},
          "keepAlive": {"type": "boolean"},
          "insecureTLS": {"type": "boolean"},
          "engine": {
            "type": "string",
            "description": "What carried the requests, and the HTTP it asked for: native 1.1, curl 7.88.1 h2."
          },
          "connections": {"anyOf": [{"$ref": "#/components/schemas/ResultCount"}, {"type": "null"}]},
          "shortOf": {
            "enum": ["descriptors", "ports"],
            "description": "What kept this machine's cap on connections below what the plan would have had."
          },
          "loops": {"$ref": "#/components/schemas/ResultCount"},
          "cpus": {"$ref": "#/components/schemas/ResultCount"},
          "pacing": {"enum": ["spinning", "sleeping"]},
          "targetIsHere": {"type": "boolean", "description": "A target shares the generator's machine."},
          "seed": {"$ref": "#/components/schemas/ResultCount"},
          "version": {"type": "string", "description": "The product's version."}
        },
        "required": [
          "name",
          "run",
          "incarnations",
          "startedAt",
          "startedAtSeconds",
          "model",
          "rate",
          "users",
          "durationUs",
          "requests",
          "warmUpUs",
          "thresholds",
          "targets",
          "timeoutUs",
          "connectTimeoutUs",
          "graceUs",
          "keepAlive",
          "insecureTLS",
          "engine",
          "connections",
          "loops",
          "cpus",
          "pacing",
          "targetIsHere",
          "seed",
          "version"
        ]
      },
      "ResultSecondFigures": {
        "type": "object",
        "properties": {
          "count": {"$ref": "#/components/schemas/ResultCount"},
          "censored": {"$ref": "#/components/schemas/ResultCount"},
          "p50": {"$ref": "#/components/schemas/ResultReading"},
          "p90": {"$ref": "#/components/schemas/ResultReading"},
          "p95": {"$ref": "#/components/schemas/ResultReading"},
          "p99": {"$ref": "#/components/schemas/ResultReading"},
          "max": {"$ref": "#/components/schemas/ResultReading"}
        },
        "required": ["count", "censored", "p50", "p90", "p95", "p99", "max"]
      },
      "ResultSecond": {
        "type": "object",
        "properties": {
          "second": {"$ref": "#/components/schemas/ResultCount"},
          "fromUs": {"$ref": "#/components/schemas/ResultUs"},
          "toUs": {"$ref": "#/components/schemas/ResultUs"},
          "warmUp": {"type": "boolean"},
          "phase": {
            "$ref": "#/components/schemas/ResultCount",
            "description": "The part of the load's shape in which it begins, from 0."
          },
          "offered": {"$ref": "#/components/schemas/ResultCount"},
          "started": {"$ref": "#/components/schemas/ResultCount"},
          "completed": {"$ref": "#/components/schemas/ResultCount"},
          "ok": {"$ref": "#/components/schemas/ResultCount"},
          "redirected": {"$ref": "#/components/schemas/ResultCount"},
          "retried": {"$ref": "#/components/schemas/ResultCount"},
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "kind": {"$ref": "#/components/schemas/ResultErrorKind"},
                "count": {"$ref": "#/components/schemas/ResultCount"}
              },
              "required": ["kind", "count"]
            }
          },
          "response": {"$ref": "#/components/schemas/ResultSecondFigures"},
          "inFlight": {"$ref": "#/components/schemas/ResultCount"},
          "connections": {"$ref": "#/components/schemas/ResultCount"},
          "waiting": {"$ref": "#/components/schemas/ResultCount"},
          "users": {"$ref": "#/components/schemas/ResultCount"},
          "latenessP99Us": {"anyOf": [{"$ref": "#/components/schemas/ResultUs"}, {"type": "null"}]},
          "tainted": {
            "type": "array",
            "uniqueItems": true,
            "items": {
              "enum": ["late_arrivals", "busy_loop", "long_turn", "steal", "throttled", "no_ports", "no_descriptors"]
            }
          }
        },
        "required": [
          "second",
          "fromUs",
          "toUs",
          "warmUp",
          "phase",
          "offered",
          "started",
          "completed",
          "ok",
          "redirected",
          "retried",
          "errors",
          "response",
          "inFlight",
          "connections",
          "waiting",
          "users",
          "latenessP99Us",
          "tainted"
        ]
      },
      "ResultTotals": {
        "type": "object",
        "properties": {
          "ok": {"$ref": "#/components/schemas/ResultCount"},
          "err": {"$ref": "#/components/schemas/ResultCount"},
          "success": {
            "description": "accepted ÷ outcomes (completed − redirected − retried); null where there was none.",
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "null"}]
          },
          "rps": {
            "type": "number",
            "minimum": 0,
            "description": "Completed requests a second, to the time of the last end."
          },
          "throughput": {
            "type": "number",
            "minimum": 0,
            "description": "Accepted replies a second, to the time of the last end."
          },
          "counts": {"$ref": "#/components/schemas/ResultRequests"},
          "statuses": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "status": {
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 65535,
                  "description": "0 stands for codes beyond the room kept."
                },
                "count": {"$ref": "#/components/schemas/ResultCount"}
              },
              "required": ["status", "count"]
            }
          },
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "kind": {"$ref": "#/components/schemas/ResultErrorKind"},
                "count": {"$ref": "#/components/schemas/ResultCount"}
              },
              "required": ["kind", "count"]
            }
          },
          "causes": {"$ref": "#/components/schemas/ResultCauses"},
          "checks": {"$ref": "#/components/schemas/ResultChecks"},
          "response": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − intended, accepted and given-up requests."
          },
          "service": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − sent, accepted and given-up requests that were sent."
          },
          "failed": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − intended of requests that failed otherwise than by being given up."
          },
          "connect": {"$ref": "#/components/schemas/ResultLatency", "description": "Time to open a connection."},
          "firstByte": {"$ref": "#/components/schemas/ResultLatency", "description": "first byte − sent."}
        },
        "required": [
          "ok",
          "err",
          "success",
          "rps",
          "throughput",
          "counts",
          "statuses",
          "errors",
          "checks",
          "response",
          "service",
          "failed",
          "connect",
          "firstByte"
        ]
      },
      "ResultRow": {
        "type": "object",
        "properties": {
          "name": {"type": "string"},
          "tenant": {"type": "string"},
          "ok": {"$ref": "#/components/schemas/ResultCount"},
          "err": {"$ref": "#/components/schemas/ResultCount"},
          "success": {
            "description": "accepted ÷ outcomes (completed − redirected − retried); null where there was none.",
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "null"}]
          },
          "rps": {
            "type": "number",
            "minimum": 0,
            "description": "Completed requests a second, to the time of the last end."
          },
          "throughput": {
            "type": "number",
            "minimum": 0,
            "description": "Accepted replies a second, to the time of the last end."
          },
          "counts": {"$ref": "#/components/schemas/ResultRequests"},
          "statuses": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "status": {
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 65535,
                  "description": "0 stands for codes beyond the room kept."
                },
                "count": {"$ref": "#/components/schemas/ResultCount"}
              },
              "required": ["status", "count"]
            }
          },
          "errors": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "kind": {"$ref": "#/components/schemas/ResultErrorKind"},
                "count": {"$ref": "#/components/schemas/ResultCount"}
              },
              "required": ["kind", "count"]
            }
          },
          "causes": {"$ref": "#/components/schemas/ResultCauses"},
          "checks": {"$ref": "#/components/schemas/ResultChecks"},
          "response": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − intended, accepted and given-up requests."
          },
          "service": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − sent, accepted and given-up requests that were sent."
          },
          "failed": {
            "$ref": "#/components/schemas/ResultLatency",
            "description": "end − intended of requests that failed otherwise than by being given up."
          },
          "connect": {"$ref": "#/components/schemas/ResultLatency", "description": "Time to open a connection."},
          "firstByte": {"$ref": "#/components/schemas/ResultLatency", "description": "first byte − sent."}
        },
        "required": [
          "name",
          "tenant",
          "ok",
          "err",
          "success",
          "rps",
          "throughput",
          "counts",
          "statuses",
          "errors",
          "checks",
          "response",
          "service",
          "failed",
          "connect",
          "firstByte"
        ]
      }
    }
  }
}

"""#
}
