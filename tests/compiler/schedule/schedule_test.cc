// Schedules: what they promise, and that the check rejects those that break it.
#include "compiler/schedule/schedule.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/compiler/backend_testing.h"

namespace raspc {
namespace {

// Blocks that read the variables given and write one each; variable 0 is an embedding.
class BlockChain {
 public:
  BlockChain() { AddVariable("embedding"); }

  VariableId AddHead(VariableId reads) {
    HeadBlock head;
    const VariableId output = AddVariable("head " + std::to_string(blocks.heads.size()));
    head.channels.push_back({LinearForm::Of(reads), 0, output});
    blocks.heads.push_back(std::move(head));
    return output;
  }
  VariableId AddHeadWithTerm(VariableId query, VariableId key) {
    HeadBlock head;
    const VariableId output = AddVariable("head " + std::to_string(blocks.heads.size()));
    head.terms.push_back({LinearForm::Of(query), LinearForm::Of(key)});
    head.channels.push_back({LinearForm::Constant(1), 0, output});
    blocks.heads.push_back(std::move(head));
    return output;
  }
  VariableId AddMlp(VariableId reads) {
    MlpBlock mlp;
    const VariableId output = AddVariable("mlp " + std::to_string(blocks.mlps.size()));
    mlp.neurons.push_back(LinearForm::Of(reads));
    mlp.outputs.push_back({output, 0, {{0, 1.0}}});
    blocks.mlps.push_back(std::move(mlp));
    return output;
  }

  Blocks blocks;
  VariableId embedding{0};

 private:
  VariableId AddVariable(std::string label) {
    Variable variable;
    variable.label = std::move(label);
    blocks.variables.push_back(std::move(variable));
    return VariableId{static_cast<std::int32_t>(blocks.variables.size()) - 1};
  }
};

TEST_CASE("nothing to do takes no layers") {
  const Schedule schedule = ScheduleLayers(Blocks{});
  CHECK(schedule.num_layers == 0);
  CHECK(CheckSchedule(Blocks{}, schedule).empty());
}

TEST_CASE("a head and the piece that reads it fit in one layer") {
  BlockChain chain;
  chain.AddMlp(chain.AddHead(chain.embedding));
  const Schedule schedule = ScheduleLayers(chain.blocks);
  CHECK(schedule.num_layers == 1);
  CHECK(CheckSchedule(chain.blocks, schedule).empty());
}

TEST_CASE("a head that reads a head or a piece comes a layer later") {
  BlockChain chain;
  const VariableId first = chain.AddHead(chain.embedding);
  const VariableId second = chain.AddHead(first);
  const VariableId piece = chain.AddMlp(chain.embedding);
  chain.AddHeadWithTerm(second, chain.embedding);
  chain.AddHeadWithTerm(chain.embedding, piece);
  const Schedule schedule = ScheduleLayers(chain.blocks);
  CHECK(schedule.layer_of_head == std::vector<int>{0, 1, 2, 1});
  CHECK(schedule.layer_of_mlp == std::vector<int>{0});
  CHECK(schedule.num_layers == 3);
}

TEST_CASE("pieces that read one another take a layer each") {
  BlockChain chain;
  VariableId at = chain.embedding;
  for (int i = 0; i < 4; ++i) at = chain.AddMlp(at);
  const Schedule schedule = ScheduleLayers(chain.blocks);
  CHECK(schedule.layer_of_mlp == std::vector<int>{0, 1, 2, 3});
  CHECK(schedule.num_layers == 4);
}

TEST_CASE("the order in which blocks were made does not matter") {
  BlockChain chain;
  const VariableId late = chain.AddHead(chain.embedding);
  const VariableId early = chain.AddMlp(chain.embedding);
  chain.blocks.heads[0].channels[0].value = LinearForm::Of(early);  // made before what it reads
  chain.AddMlp(late);
  const Schedule schedule = ScheduleLayers(chain.blocks);
  CHECK(schedule.layer_of_head == std::vector<int>{1});
  CHECK(schedule.layer_of_mlp == std::vector<int>{0, 1});
  CHECK(CheckSchedule(chain.blocks, schedule).empty());
}

TEST_CASE("the schedules of all programs hold, and take as many layers as lowering expects") {
  for (const Case& program : ProgramCases(8)) {
    INFO(program.name);
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    CHECK(CheckSchedule(stages->blocks, stages->schedule).empty());
    // A variable is there when lowering thought it would be, or before.
    int last_ready = 0;
    for (const LinearForm& form : stages->blocks.readouts) {
      last_ready = std::max(last_ready, ReadyOf(stages->blocks, form));
    }
    CHECK(stages->schedule.num_layers <= (last_ready + 1) / 2);
    for (std::size_t i = 0; i < stages->blocks.heads.size(); ++i) {
      for (const auto& channel : stages->blocks.heads[i].channels) {
        CHECK(2 * stages->schedule.layer_of_head[i] + 1 <= stages->blocks[channel.output].ready);
      }
    }
    for (std::size_t i = 0; i < stages->blocks.mlps.size(); ++i) {
      for (const auto& output : stages->blocks.mlps[i].outputs) {
        CHECK(2 * stages->schedule.layer_of_mlp[i] + 2 <= stages->blocks[output.variable].ready);
      }
    }
  }
}

TEST_CASE("no block of a program can run a layer earlier") {
  int num_moved = 0;
  for (const Case& program : ProgramCases(8)) {
    Diagnostics diag;
    const auto stages = RunStages(program, diag);
    REQUIRE(stages);
    for (const bool is_head : {true, false}) {
      const std::vector<int>& layers =
          is_head ? stages->schedule.layer_of_head : stages->schedule.layer_of_mlp;
      for (std::size_t i = 0; i < layers.size(); ++i) {
        if (layers[i] == 0) continue;
        Schedule moved = stages->schedule;
        (is_head ? moved.layer_of_head : moved.layer_of_mlp)[i] -= 1;
        INFO(program.name << ", block " << i);
        CHECK_FALSE(CheckSchedule(stages->blocks, moved).empty());
        ++num_moved;
      }
    }
  }
  CHECK(num_moved > 50);
}

TEST_CASE("the check rejects schedules in which something is read too early") {
  BlockChain chain;
  const VariableId first = chain.AddHead(chain.embedding);
  chain.AddMlp(first);
  chain.AddHeadWithTerm(chain.embedding, first);
  const Schedule good = ScheduleLayers(chain.blocks);
  REQUIRE(CheckSchedule(chain.blocks, good).empty());

  Schedule same_layer = good;  // heads of a layer do not see one another
  same_layer.layer_of_head[1] = 0;
  CHECK(CheckSchedule(chain.blocks, same_layer) == "block 1 reads [head 0] before it is written");
  Schedule late_writer = good;
  late_writer.layer_of_head[0] = 1;
  CHECK_FALSE(CheckSchedule(chain.blocks, late_writer).empty());
}

TEST_CASE("the check rejects schedules that do not fit the blocks") {
  BlockChain chain;
  chain.AddMlp(chain.AddHead(chain.embedding));
  const Schedule good = ScheduleLayers(chain.blocks);
  Schedule missing = good;
  missing.layer_of_head.clear();
  CHECK(CheckSchedule(chain.blocks, missing) == "1 heads have 0 layers");
  missing = good;
  missing.layer_of_mlp.push_back(0);
  CHECK(CheckSchedule(chain.blocks, missing) == "1 MLP segments have 2 layers");
  Schedule outside = good;
  outside.layer_of_mlp[0] = 1;
  CHECK(CheckSchedule(chain.blocks, outside) == "block 1 is in layer 1 of 1");
  outside = good;
  outside.layer_of_head[0] = -1;
  CHECK(CheckSchedule(chain.blocks, outside) == "block 0 is in layer -1 of 1");
}

TEST_CASE("the text of a schedule names every block in its layer") {
  BlockChain chain;
  const VariableId first = chain.AddHead(chain.embedding);
  chain.blocks.heads[0].label = "same";
  chain.AddMlp(first);
  chain.blocks.mlps[0].label = "count";
  CHECK(ToText(chain.blocks, ScheduleLayers(chain.blocks)) ==
        "layer 0\n"
        "  head same: head_dim 1, value_dim 1\n"
        "  mlp count: d_mlp 1\n");
}

}  // namespace
}  // namespace raspc
