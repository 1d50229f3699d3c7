#!/usr/bin/python3
"""Holds replies against proto-free-schema/openapi.json with python3-jsonschema.

usage: openapi_replies.py OPENAPI.json < REPLIES
A reply is a line: {"path": "/api/tests/{id}", "method": "get", "status": 200, "type": "application/json", "body": …}
Prints a line for each thing that does not fit.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning)
import jsonschema

document = json.load(open(sys.argv[1], encoding="utf-8"))
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
