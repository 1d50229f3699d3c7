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
          {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
          },
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
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "description": "By summary.schema.json.",
                  "properties": {"schema": {"const": "stampede.summary/1"}},
                  "required": ["schema"]
                }
              }
            }
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
    "parameters": {"TestId": {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}},
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
      }
    }
  }
}

"""#
}
