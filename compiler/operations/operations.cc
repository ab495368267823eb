#include "compiler/operations/operations.h"

namespace raspc {

int NumOperands(MapOp op) {
  switch (op) {
    case MapOp::kNegate:
    case MapOp::kPlus:
    case MapOp::kNot:
    case MapOp::kRound:
    case MapOp::kIndicator:
    case MapOp::kMember:
    case MapOp::kLookUp:
    case MapOp::kLookUpKey:
    case MapOp::kPlace:
      return 1;
    case MapOp::kChoose:
      return 3;
    case MapOp::kHost:
      return 0;
    default:
      return 2;
  }
}

std::string_view NameOf(MapOp op) {
  switch (op) {
    case MapOp::kAdd:
    case MapOp::kPlus:
      return "+";
    case MapOp::kSubtract:
    case MapOp::kNegate:
      return "-";
    case MapOp::kMultiply:
      return "*";
    case MapOp::kDivide:
      return "/";
    case MapOp::kModulo:
      return "%";
    case MapOp::kPower:
      return "^";
    case MapOp::kEqual:
      return "==";
    case MapOp::kNotEqual:
      return "!=";
    case MapOp::kLess:
      return "<";
    case MapOp::kLessEqual:
      return "<=";
    case MapOp::kGreater:
      return ">";
    case MapOp::kGreaterEqual:
      return ">=";
    case MapOp::kAnd:
      return "and";
    case MapOp::kOr:
      return "or";
    case MapOp::kNot:
      return "not";
    case MapOp::kRound:
      return "round";
    case MapOp::kIndicator:
      return "indicator";
    case MapOp::kChoose:
      return "if";
    case MapOp::kMember:
      return "in";
    case MapOp::kLookUp:
      return "index";
    case MapOp::kLookUpKey:
      return "key";
    case MapOp::kPlace:
      return "place";
    case MapOp::kDigit:
      return "digit";
    case MapOp::kHost:
      return "function";
  }
  return "?";
}

MapTable TableOf(const CellDigit& digit) {
  MapTable table;
  table.items = {Float(digit.start), Float(digit.width), digit.radix, Float(digit.distance)};
  return table;
}

CellDigit DigitOf(const MapTable& table) {
  const auto number = [&](std::size_t i) { return std::get<Float>(table.items[i]).nearest(); };
  return {number(0), number(1), std::get<std::int64_t>(table.items[2]), number(3)};
}

std::string_view NameOf(TokenView view) {
  switch (view) {
    case TokenView::kString:
      return "tokens_str";
    case TokenView::kInt:
      return "tokens_int";
    case TokenView::kFloat:
      return "tokens_float";
    case TokenView::kBool:
      return "tokens_bool";
    case TokenView::kAsIs:
      return "tokens_asis";
  }
  return "?";
}

}  // namespace raspc
