#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "CTOML.h"

namespace {

struct Walk {
  void *context;
  ctoml_sink sink;

  void tell(ctoml_kind kind, std::string_view text, const toml::source_region &place) const {
    ctoml_event event{kind, text.data(), text.size(), place.begin.line, place.begin.column};
    sink(context, &event);
  }

  void walk(const toml::node &node) const {
    switch (node.type()) {
      case toml::node_type::table: {
        tell(CTOML_TABLE_START, "", node.source());
        // toml++ sorts keys by name; people expect the order of their text.
        std::vector<std::pair<const toml::key *, const toml::node *>> members;
        for (auto &&[key, value] : *node.as_table()) members.emplace_back(&key, &value);
        std::stable_sort(members.begin(), members.end(), [](auto &a, auto &b) {
          auto &left = a.first->source().begin, &right = b.first->source().begin;
          return std::pair(left.line, left.column) < std::pair(right.line, right.column);
        });
        for (auto &[key, value] : members) {
          tell(CTOML_KEY, key->str(), key->source());
          walk(*value);
        }
        tell(CTOML_TABLE_END, "", node.source());
        break;
      }
      case toml::node_type::array:
        tell(CTOML_ARRAY_START, "", node.source());
        for (auto &item : *node.as_array()) walk(item);
        tell(CTOML_ARRAY_END, "", node.source());
        break;
      case toml::node_type::string: tell(CTOML_STRING, node.as_string()->get(), node.source()); break;
      case toml::node_type::integer:
        tell(CTOML_NUMBER, std::to_string(node.as_integer()->get()), node.source());
        break;
      case toml::node_type::floating_point: {
        char digits[64];
        double value = node.as_floating_point()->get();
        auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        tell(std::isfinite(value) ? CTOML_NUMBER : CTOML_OTHER, {digits, size_t(end - digits)}, node.source());
        break;
      }
      case toml::node_type::boolean:
        tell(CTOML_BOOLEAN, node.as_boolean()->get() ? "true" : "false", node.source());
        break;
      default: tell(CTOML_OTHER, "a date or time", node.source());
    }
  }
};

}  // namespace

extern "C" bool ctoml_read(const char *text, size_t length, void *context, ctoml_sink sink) {
  Walk walk{context, sink};
  auto result = toml::parse(std::string_view(text, length));
  if (!result) {
    walk.tell(CTOML_OTHER, result.error().description(), result.error().source());
    return false;
  }
  walk.walk(result.table());
  return true;
}
