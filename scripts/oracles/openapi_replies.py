#!/usr/bin/python3
"""Holds replies against proto-free-schema/openapi.json with python3-jsonschema.

usage: openapi_replies.py OPENAPI.json < REPLIES
A member that the document does not name is a fault here, though clients must let later versions add some.
A reply is a line: {"path": "/api/tests/{id}", "method": "get", "status": 200, "type": "application/json", "body": …}
Prints a line for each thing that does not fit.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning)
import jsonschema

document = json.load(open(sys.argv[1], encoding="utf-8"))


def close(node):
    """Lets objects have the members that are named for them and no other, unless it is said what others are."""
    if isinstance(node, list):
        for item in node:
            close(item)
    if not isinstance(node, dict):
        return
    if node.get("type") == "object" and "properties" in node:
        node.setdefault("additionalProperties", False)
    for key, value in node.items():
        # A condition names only the members it is about.
        if key not in ("if", "then", "else"):
            close(value)


close(document)
resolver = jsonschema.RefResolver("", document)


def followed(node):
    while "$ref" in node:
        node = resolver.resolve(node["$ref"])[1]
    return node


def problems(reply):
    operation = document["paths"].get(reply["path"], {}).get(reply["method"])
    if operation is None:
        return ["no such operation"]
    response = operation["responses"].get(str(reply["status"]))
    if response is None:
        return ["no such status"]
    content = followed(response).get("content", {})
    if reply["type"] not in content:
        return [f"its type is {reply['type']}, expected one of {sorted(content)}"]
    schema = content[reply["type"]]["schema"]
    checker = jsonschema.Draft202012Validator(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(reply["body"])]


count = 0
for line in sys.stdin:
    reply = json.loads(line)
    count += 1
    for problem in problems(reply):
        print(f"{reply['method']} {reply['path']} {reply['status']}: {problem}")
print(f"{count} replies")
