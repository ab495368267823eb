// What variables carry, in the program's words: see variable_meaning.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/domains/joint_table.h"
#include "compiler/lower/builder/variable_meaning.h"
#include "compiler/lower/sops/sops.h"

namespace raspc {

class Meanings {
 public:
  // Keeps a reference to the s-ops. Lines are those of `program`.
  Meanings(const Sops& sops, std::shared_ptr<const SourceText> program);

  // The line of the program, 0 for what has none there: tokens, indices, the library's s-ops.
  int LineOf(NodeId id) const;
  // Such as `float(x)`.
  VariableMeaning TextFor(NodeId id, std::string_view function) const;
  // code[value] of an s-op with a finite domain.
  VariableMeaning FunctionOf(NodeId id, const Code& code) const;
  VariableMeaning NumberOf(NodeId id) const;
  // Of a sum of columns of the embedding tables; empty, or all equal: none.
  VariableMeaning OfColumns(const std::vector<double>& by_token,
                            const std::vector<double>& by_position) const;

  // Which value, or values together, s-ops have in each row of their joint table.
  struct RowValues {
    std::shared_ptr<const ValueList> list;
    std::vector<std::int32_t> of_row;  // -1: undefined
  };
  RowValues ValuesOfRows(const std::vector<NodeId>& nodes, const JointTable& table) const;
  // The tokens of the vocabulary, or the indices.
  const RowValues& EmbeddedValues(Feature::Kind kind) const;
  static VariableMeaning FunctionOfRows(const RowValues& rows, const std::vector<double>& target);
  // The counts from 0 to `most`, each its own row.
  static RowValues CountsTo(std::int64_t most, std::string subject, std::string full_subject,
                            int line);

 private:
  std::shared_ptr<const ValueList> ListOf(NodeId id) const;

  const Sops& sops_;
  std::shared_ptr<const SourceText> program_;
  // Made when asked for.
  mutable std::map<NodeId, std::shared_ptr<const ValueList>> lists_;
  mutable std::map<Feature::Kind, RowValues> embedded_values_;
};

}  // namespace raspc
