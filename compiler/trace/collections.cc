// Lists and dicts: making them, comprehensions, range, zip, len, and indexing, which also applies
// to s-ops.
#include <algorithm>

#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

constexpr int kMaxDepth = 200;  // of collections inside each other

}  // namespace

void Tracer::CheckSize(const Expression& where, std::uint64_t size) const {
  if (size <= options_.limits.max_collection) return;
  Fail(ErrorKind::kLimit, where.location,
       fmt::format("a list or dict may hold at most {} elements", options_.limits.max_collection));
}

Value Tracer::NewList(const Expression& where, std::vector<Value> items) {
  CheckSize(where, items.size());
  // Elements and the strings in them count as work, so that the limit on work bounds the memory.
  std::uint64_t work = items.size();
  for (const Value& item : items) work += TextWork(item);
  Charge(work, where.location);
  std::shared_ptr<const List> list = MakeList(std::move(items));
  if (list->depth > kMaxDepth) {
    Fail(ErrorKind::kLimit, where.location,
         fmt::format("lists and dicts may be nested at most {} deep", kMaxDepth));
  }
  return list;
}

Value Tracer::NewDict(const Expression& where, Dict dict) {
  if (dict.depth() > kMaxDepth) {
    Fail(ErrorKind::kLimit, where.location,
         fmt::format("lists and dicts may be nested at most {} deep", kMaxDepth));
  }
  return std::make_shared<const Dict>(std::move(dict));
}

Value Tracer::EvaluateKind(const Expression& where, const ListExpression& list) {
  std::vector<Value> items;
  for (const ExpressionPtr& item : list.items) items.push_back(Evaluate(*item));
  return NewList(where, std::move(items));
}

Atom Tracer::DictKey(const Expression& key) {
  const Value value = Evaluate(key);
  if (const Atom* atom = AsAtom(value)) return *atom;
  Fail(ErrorKind::kType, key.location,
       fmt::format("the keys of a dict are atoms, but this is {}", DescribeValue(value)));
}

Value Tracer::EvaluateKind(const Expression& where, const DictExpression& dict) {
  Dict result;
  for (const auto& [key_expression, value_expression] : dict.items) {
    const Atom key = DictKey(*key_expression);
    Value value = Evaluate(*value_expression);
    Charge(4 + TextWork(key) + TextWork(value), where.location);
    result.Set(key, std::move(value));
  }
  return NewDict(where, std::move(result));
}

Value Tracer::EvaluateKind(const Expression& where, const ListComprehension& comprehension) {
  std::vector<Value> items;
  Scope inner(ScopeKind::kLocal, scope_);
  ForEachItem(*comprehension.iterable, "a comprehension", [&](const Value& item) {
    Charge(1, where.location);
    inner.Clear();
    const ScopeChange change(scope_, &inner);
    BindLoopNames(comprehension.names, item, comprehension.iterable->location);
    items.push_back(Evaluate(*comprehension.item));
  });
  return NewList(where, std::move(items));
}

Value Tracer::EvaluateKind(const Expression& where, const DictComprehension& comprehension) {
  Dict result;
  Scope inner(ScopeKind::kLocal, scope_);
  ForEachItem(*comprehension.iterable, "a comprehension", [&](const Value& item) {
    inner.Clear();
    const ScopeChange change(scope_, &inner);
    BindLoopNames(comprehension.names, item, comprehension.iterable->location);
    const Atom key = DictKey(*comprehension.key);
    Value value = Evaluate(*comprehension.value);
    Charge(4 + TextWork(key) + TextWork(value), where.location);
    result.Set(key, std::move(value));
  });
  return NewDict(where, std::move(result));
}

Value Tracer::EvaluateKind(const Expression& where, const RangeExpression& range) {
  std::vector<std::int64_t> bounds;
  for (const ExpressionPtr& argument : range.arguments) {
    const Value value = Evaluate(*argument);
    const std::optional<std::int64_t> bound = AsInt(value);
    if (!bound) {
      Fail(ErrorKind::kType, argument->location,
           fmt::format("range takes ints, but this is {}", DescribeValue(value)));
    }
    bounds.push_back(*bound);
  }
  if (bounds.empty() || bounds.size() > 3) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("range takes one to three ints, but is given {}", bounds.size()));
  }
  const std::int64_t start = bounds.size() == 1 ? 0 : bounds[0];
  const std::int64_t end = bounds.size() == 1 ? bounds[0] : bounds[1];
  const std::int64_t step = bounds.size() == 3 ? bounds[2] : 1;
  if (step == 0) Fail(ErrorKind::kValue, where.location, "the step of range cannot be 0");

  // The distance may need 65 bits; as an unsigned number it needs 64.
  const bool is_empty = step > 0 ? start >= end : start <= end;
  const auto low = static_cast<std::uint64_t>(std::min(start, end));
  const auto high = static_cast<std::uint64_t>(std::max(start, end));
  const std::uint64_t stride =
      step > 0 ? static_cast<std::uint64_t>(step) : ~static_cast<std::uint64_t>(step) + 1;
  const std::uint64_t count = is_empty ? 0 : (high - low - 1) / stride + 1;
  CheckSize(where, count);
  std::vector<Value> items;
  items.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    // Modulo 2^64 on the way; the result fits.
    const auto next = static_cast<std::uint64_t>(start) + i * static_cast<std::uint64_t>(step);
    items.emplace_back(Atom(static_cast<std::int64_t>(next)));
  }
  return NewList(where, std::move(items));
}

Value Tracer::EvaluateKind(const Expression& where, const ZipExpression& zip) {
  std::vector<Value> lists;
  for (const ExpressionPtr& argument : zip.arguments) {
    lists.push_back(Evaluate(*argument));
    const List* list = AsList(lists.back());
    if (list == nullptr) {
      Fail(ErrorKind::kType, argument->location,
           fmt::format("zip takes lists, but this is {}", DescribeValue(lists.back())));
    }
    if (list->items.size() != AsList(lists[0])->items.size()) {
      Fail(
          ErrorKind::kType, argument->location,
          fmt::format("zip takes lists of equal length, but this one has {} elements and the first "
                      "has {}",
                      list->items.size(), AsList(lists[0])->items.size()));
    }
  }
  if (lists.empty()) Fail(ErrorKind::kType, where.location, "zip takes at least one list");
  std::vector<Value> rows;
  for (std::size_t i = 0; i < AsList(lists[0])->items.size(); ++i) {
    std::vector<Value> row;
    for (const Value& list : lists) row.push_back(AsList(list)->items[i]);
    rows.push_back(NewList(where, std::move(row)));
  }
  return NewList(where, std::move(rows));
}

Value Tracer::EvaluateKind(const Expression& where, const LenExpression& len) {
  const Value value = Evaluate(*len.argument);
  const List* list = AsList(value);
  if (list == nullptr) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("len counts the elements of a list, but this is {}{}", DescribeValue(value),
                     AsSOp(value) ? "; the number of tokens is 'length'" : ""));
  }
  return Atom(static_cast<std::int64_t>(list->items.size()));
}

Value Tracer::EvaluateKind(const Expression& where, const IndexExpression& index) {
  const Value object = Evaluate(*index.object);
  const Value at = Evaluate(*index.index);
  if (const List* list = AsList(object)) return IndexSequence(where, list->items, "a list", at);
  if (const Dict* dict = AsDict(object)) return IndexDict(where, *dict, at);
  if (const SOpValue* sop = AsSOp(object)) return IndexSOp(where, *sop, at);
  const Atom* atom = AsAtom(object);
  if (atom != nullptr && std::holds_alternative<std::string>(*atom)) {
    Charge(std::get_if<std::string>(atom)->size(), where.location);
    return IndexSequence(where, *Unpacked(object), "a string", at);
  }
  Fail(ErrorKind::kType, where.location,
       fmt::format("only lists, strings, dicts and s-ops can be indexed, but this is {}",
                   DescribeValue(object)));
}

Value Tracer::IndexSequence(const Expression& where, const std::vector<Value>& items,
                            std::string_view what, const Value& index) {
  if (const SOpValue* sop = AsSOp(index)) {
    MapTable table;
    for (const Value& item : items) {
      Charge(1 + TextWork(item), where.location);
      const Atom* atom = AsAtom(item);
      if (atom == nullptr) table.unfit.emplace_back(static_cast<std::int64_t>(table.items.size()));
      table.items.push_back(atom ? *atom : Atom(std::int64_t{0}));
    }
    return SOpValue{AddMap(MapOp::kLookUp, {sop->id}, where.location,
                           std::make_shared<const MapTable>(std::move(table)))};
  }
  const std::optional<std::int64_t> at = AsInt(index);
  if (!at) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("{} is indexed by an int or an s-op, but this is {}", what,
                     DescribeValue(index)));
  }
  const auto size = static_cast<std::int64_t>(items.size());
  if (*at >= size || *at < -size) {
    Fail(ErrorKind::kValue, where.location,
         fmt::format("index {} is out of range for {} of {} elements", *at, what, size));
  }
  return items[static_cast<std::size_t>(*at < 0 ? *at + size : *at)];
}

Value Tracer::IndexDict(const Expression& where, const Dict& dict, const Value& index) {
  if (const SOpValue* sop = AsSOp(index)) {
    MapTable table;
    for (const Dict::Entry& entry : dict.entries()) {
      Charge(1 + TextWork(entry.key) + TextWork(entry.value), where.location);
      if (const Atom* atom = AsAtom(entry.value)) {
        table.entries.emplace_back(entry.key, *atom);
      } else {
        table.unfit.push_back(entry.key);
      }
    }
    return SOpValue{AddMap(MapOp::kLookUpKey, {sop->id}, where.location,
                           std::make_shared<const MapTable>(std::move(table)))};
  }
  const Atom* key = AsAtom(index);
  if (key == nullptr) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("a dict is indexed by an atom or an s-op, but this is {}",
                     DescribeValue(index)));
  }
  const Value* found = dict.Find(*key);
  if (found == nullptr) {
    Fail(ErrorKind::kValue, where.location, fmt::format("the dict has no key {}", ShortText(*key)));
  }
  return *found;
}

// s[k] is position k of s at every position, from the end if k is negative; 0 where there is none.
Value Tracer::IndexSOp(const Expression& where, SOpValue sop, const Value& index) {
  const std::optional<std::int64_t> at = AsInt(index);
  if (!at) {
    Fail(ErrorKind::kValue, where.location,
         fmt::format("an s-op is indexed by an int, but this is {}{}", DescribeValue(index),
                     AsSOp(index) ? "; 'load_from_location' takes an s-op" : ""));
  }
  const SourceLocation& location = where.location;
  const NodeId indices = Add(IndicesNode{}, location);
  NodeId query = AddConstant(*at, location);
  if (*at < 0) query = AddMap(MapOp::kAdd, {AddLength(location), query}, location);
  const NodeId position = Add(SelectNode{Comparison::kEqual, indices, query}, location);
  return SOpValue{Add(AggregateNode{position, sop.id, std::nullopt}, location)};
}

}  // namespace raspc
