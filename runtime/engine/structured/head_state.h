// The attention of one head in one sequence, read from left to right.
//
// Keys are added position by position; between additions queries are answered with softmax
// attention to BOS and the keys so far. A causal head alternates the two, any other adds all its
// keys first; batches and sessions make the same calls and so compute the same bits.
#pragma once

#include <cstddef>
#include <memory>

#include "runtime/engine/structured/head_plan.h"
#include "runtime/engine/structured/key_index.h"

namespace raspc {

// The head's inputs by position; BOS is at 0.
struct HeadInput {
  const int* tokens = nullptr;      // ids
  std::ptrdiff_t token_stride = 1;  // 0 if `tokens` is a single one
  Rows query;                       // [head_dim]
  Rows key;    // [varying + 1]; the last is 1 at BOS, where the others are 0, and 0 elsewhere
  Rows value;  // [value_dim]

  int TokenAt(std::ptrdiff_t position) const { return tokens[position * token_stride]; }
};

class HeadState {
 public:
  virtual ~HeadState() = default;

  // Whether keys and values of earlier positions are read again and so have to be kept, with a
  // position stride of 1.
  virtual bool ReadsBack() const = 0;

  // Begins a sequence that contains BOS. `bos_key` [head_dim] is its key in all dimensions.
  virtual void Start(const HeadInput& input, const double* bos_key) = 0;
  // Adds the key at the position, one larger than the last.
  virtual void Add(const HeadInput& input, std::ptrdiff_t position) = 0;
  // The head's mixed value for the query at a position: value d to out[d * out_stride]. If
  // `pattern` is not null, it gets the weights of the keys so far, BOS first.
  virtual void Mix(const HeadInput& input, std::ptrdiff_t position, double* out,
                   std::ptrdiff_t out_stride, double* pattern) = 0;
  // The calls of Add and Mix for a whole sequence that was started and is complete, in the order
  // that the mask requires: the mixed value d of position p goes to out[d * out_stride + p]. The
  // same bits, in less time.
  virtual void Run(const HeadInput& input, std::ptrdiff_t seq_len, double* out,
                   std::ptrdiff_t out_stride) = 0;
  // Whether earlier sequences have shown, for all positions of one of this length, which single
  // position each attends to. Then RunKnown does what Run does, needs only values, and has to be
  // called instead of Start and Run.
  virtual bool Knows(std::ptrdiff_t seq_len) const = 0;
  virtual void RunKnown(const Rows& value, std::ptrdiff_t seq_len, double* out,
                        std::ptrdiff_t out_stride) const = 0;
  // Gives back memory that has grown with a long sequence; the next call is Start. So that heads
  // that run one after another do not hold it all at the same time.
  virtual void Release() {}
};

// The plan must outlive the state. `context_length` as in Model.
std::unique_ptr<HeadState> MakeHeadState(const HeadPlan& plan, std::int64_t context_length);

}  // namespace raspc
