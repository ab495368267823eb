// The rows of a selector, computed on demand: no matrix is kept.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/interpret/bit_rows.h"
#include "compiler/interpret/compared_columns.h"

namespace raspc {

// A formula of and, or and not over comparisons and materialised selectors.
//
// Queries that are equal in every comparison have equal rows; they form one class, so that work
// that depends only on the row is done once per class. Queries are compared in O(comparisons).
// Keeps pointers to its arguments.
class RowMaker {
 public:
  // Each returns the index of a step, which may be an operand of later ones; the last step is the
  // formula.
  int Add(ComparedColumns* compared);
  int Add(const BitRows* stored);
  int Add(SelectorOp op, std::vector<int> operands);
  int num_steps() const { return static_cast<int>(steps_.size()); }
  // The maximum memory for an input of `seq_len` tokens, in bytes.
  std::uint64_t BytesFor(int seq_len) const;

  // Finds the classes of the queries in [those found before, end). Classes are numbered as they
  // first appear, and keep their numbers.
  void FindClasses(int end);
  void ClearClasses();
  int num_classes() const { return static_cast<int>(first_of_class_.size()); }
  int ClassOf(int q) const { return class_of_[static_cast<std::size_t>(q)]; }
  // The first position of a class.
  int FirstOf(int c) const { return first_of_class_[static_cast<std::size_t>(c)]; }

  // Row q from the word of key `from` on; the bits outside [from, end) are 0. Valid until the next
  // call.
  ConstBitWords Row(int q, int from, int end);

 private:
  struct Step {
    ComparedColumns* compared = nullptr;
    const BitRows* stored = nullptr;
    SelectorOp op = SelectorOp::kAnd;  // if neither of the two is set
    std::vector<int> operands;
  };

  std::uint64_t HashOf(int q) const;
  bool AreOneClass(int q, int other) const;
  void Insert(int c);
  void MakeWords(std::size_t num_queries);
  void WriteStep(const Step& step, int q, int from, int end, BitWords row);
  BitWords Slot(std::size_t step, std::size_t num_words) {
    return {slots_.data() + step * num_words, num_words};
  }

  std::vector<Step> steps_;
  std::vector<const ComparedColumns*> compared_;  // those of the steps
  bool has_stored_ = false;                       // then every query is a class
  std::vector<std::uint64_t> slots_;              // a row for each step

  // Where rows are one word, those of all queries are made together, a step at a time:
  // [step, query].
  std::vector<std::uint64_t> words_;
  std::size_t num_words_ = 0;  // queries computed; 0 if still to be computed
  std::uint64_t word_ = 0;     // the result of Row

  int num_recodings_ = 0;            // of all comparisons, when the hashes were taken
  std::vector<int> class_of_;        // by position
  std::vector<int> first_of_class_;  // by class
  std::vector<int> table_;           // open addressing; a class + 1, or 0
};

}  // namespace raspc
