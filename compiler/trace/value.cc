// Equality, order, truth and text of the values that exist while tracing.
#include "compiler/trace/value.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace raspc {
namespace {

constexpr std::size_t kMaxText = 200;

std::uint64_t AddUpTo64Bits(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? ~std::uint64_t{0} : sum;
}

std::string_view ArticleOf(std::string_view noun) {
  return noun.starts_with('i') ? "an" : "a";  // only "int" begins with a vowel
}

// Appends text until the limit is passed; then the caller stops.
bool IsFull(const std::string& text) { return text.size() > kMaxText; }

void AppendText(const Value& value, const DataflowGraph& graph, std::string& text) {
  if (IsFull(text)) return;
  if (const Atom* atom = AsAtom(value)) {
    text += ShortText(*atom);
  } else if (const SOpValue* sop = AsSOp(value)) {
    text += graph.Describe(sop->id);
  } else if (const SelectorValue* selector = AsSelector(value)) {
    text += graph.Describe(selector->id);
  } else if (const Function* function = AsFunction(value)) {
    text += fmt::format("{}({})", function->definition->name,
                        fmt::join(function->definition->parameters, ", "));
  } else if (const List* list = AsList(value)) {
    text += '[';
    for (std::size_t i = 0; i < list->items.size() && !IsFull(text); ++i) {
      if (i > 0) text += ", ";
      AppendText(list->items[i], graph, text);
    }
    text += ']';
  } else {
    const Dict& dict = *AsDict(value);
    text += '{';
    for (std::size_t i = 0; i < dict.entries().size() && !IsFull(text); ++i) {
      if (i > 0) text += ", ";
      AppendText(dict.entries()[i].key, graph, text);
      text += ": ";
      AppendText(dict.entries()[i].value, graph, text);
    }
    text += '}';
  }
}

bool EqualLists(const List& a, const List& b) {
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), EqualValues);
}

bool EqualDicts(const Dict& a, const Dict& b) {
  if (a.entries().size() != b.entries().size()) return false;
  return std::all_of(a.entries().begin(), a.entries().end(), [&](const Dict::Entry& entry) {
    const Value* other = b.Find(entry.key);
    return other != nullptr && EqualValues(entry.value, *other);
  });
}

}  // namespace

void Dict::Set(const Atom& key, Value value) {
  depth_ = std::max(depth_, 1 + DepthOf(value));
  weight_ = AddUpTo64Bits(weight_, 1 + WeightOf(value));
  const auto [place, is_new] = places_.try_emplace(key, entries_.size());
  if (is_new) {
    entries_.push_back({key, std::move(value)});
  } else {
    entries_[place->second].value = std::move(value);
  }
}

const Value* Dict::Find(const Atom& key) const {
  const auto place = places_.find(key);
  return place == places_.end() ? nullptr : &entries_[place->second].value;
}

const List* AsList(const Value& value) {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&value);
  return list ? list->get() : nullptr;
}

const Dict* AsDict(const Value& value) {
  const auto* dict = std::get_if<std::shared_ptr<const Dict>>(&value);
  return dict ? dict->get() : nullptr;
}

const Function* AsFunction(const Value& value) {
  const auto* function = std::get_if<std::shared_ptr<const Function>>(&value);
  return function ? function->get() : nullptr;
}

std::optional<std::int64_t> AsInt(const Value& value) {
  const Atom* atom = AsAtom(value);
  if (atom == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(atom)) return *number;
  if (const auto* flag = std::get_if<bool>(atom)) return *flag ? 1 : 0;
  return std::nullopt;
}

int DepthOf(const Value& value) {
  if (const List* list = AsList(value)) return list->depth;
  if (const Dict* dict = AsDict(value)) return dict->depth();
  return 0;
}

std::shared_ptr<const List> MakeList(std::vector<Value> items) {
  int deepest = 0;
  std::uint64_t weight = 1;
  for (const Value& item : items) {
    deepest = std::max(deepest, DepthOf(item));
    weight = AddUpTo64Bits(weight, WeightOf(item));
  }
  return std::make_shared<const List>(List{std::move(items), deepest + 1, weight});
}

std::string KindOf(const Value& value) {
  if (const Atom* atom = AsAtom(value)) {
    const std::string_view name = TypeName(TypeOf(*atom));
    return fmt::format("{} {}", ArticleOf(name), name);
  }
  if (AsSOp(value)) return "an s-op";
  if (AsSelector(value)) return "a selector";
  if (AsList(value)) return "a list";
  if (AsDict(value)) return "a dict";
  return "a function";
}

std::string DescribeValue(const Value& value) {
  if (const Atom* atom = AsAtom(value)) {
    return fmt::format("{} ({})", ShortText(*atom), KindOf(value));
  }
  if (const List* list = AsList(value)) {
    return fmt::format("a list of {} value{}", list->items.size(),
                       list->items.size() == 1 ? "" : "s");
  }
  if (const Function* function = AsFunction(value)) {
    return fmt::format("the function '{}'", function->definition->name);
  }
  return KindOf(value);
}

std::string ValueText(const Value& value, const DataflowGraph& graph) {
  std::string text;
  AppendText(value, graph, text);
  if (!IsFull(text)) return text;
  return text.substr(0, CodePointStart(text, kMaxText)) + "…";
}

std::uint64_t TextWork(const Value& value) {
  const Atom* atom = AsAtom(value);
  const auto* text = atom ? std::get_if<std::string>(atom) : nullptr;
  return text ? text->size() / 64 : 0;
}

std::uint64_t CopyWork(const List& list) {
  std::uint64_t work = list.items.size();
  for (const Value& item : list.items) work += TextWork(item);
  return work;
}

std::uint64_t WeightOf(const Value& value) {
  if (const List* list = AsList(value)) return list->weight;
  if (const Dict* dict = AsDict(value)) return dict->weight();
  return 1 + TextWork(value);
}

bool IsTrueValue(const Value& value) {
  if (const Atom* atom = AsAtom(value)) return IsTrue(*atom);
  if (const List* list = AsList(value)) return !list->items.empty();
  if (const Dict* dict = AsDict(value)) return !dict->entries().empty();
  return true;
}

bool EqualValues(const Value& a, const Value& b) {
  if (a.index() != b.index()) return false;
  if (const Atom* atom = AsAtom(a)) return EqualAtoms(*atom, *AsAtom(b));
  if (const SOpValue* sop = AsSOp(a)) return sop->id == AsSOp(b)->id;
  if (const SelectorValue* selector = AsSelector(a)) return selector->id == AsSelector(b)->id;
  if (const List* list = AsList(a)) return list == AsList(b) || EqualLists(*list, *AsList(b));
  if (const Dict* dict = AsDict(a)) return dict == AsDict(b) || EqualDicts(*dict, *AsDict(b));
  return AsFunction(a) == AsFunction(b);
}

std::optional<std::strong_ordering> CompareValues(const Value& a, const Value& b) {
  if (AsAtom(a) && AsAtom(b)) return CompareAtoms(*AsAtom(a), *AsAtom(b));
  const List* x = AsList(a);
  const List* y = AsList(b);
  if (x == nullptr || y == nullptr) return std::nullopt;
  const std::size_t shared = std::min(x->items.size(), y->items.size());
  for (std::size_t i = 0; i < shared; ++i) {
    // Only the first items that differ matter, so only they must be comparable.
    if (!EqualValues(x->items[i], y->items[i])) return CompareValues(x->items[i], y->items[i]);
  }
  return x->items.size() <=> y->items.size();
}

}  // namespace raspc
