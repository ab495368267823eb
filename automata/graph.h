// Graph algorithms on plain vertex numbers; hides Boost.Graph.
#pragma once

#include <utility>
#include <vector>

namespace raspc {

using EdgeList = std::vector<std::pair<int, int>>;  // from, to

struct Components {
  int count = 0;
  // [num_vertices]; numbered so that no edge leads from a component to one with a larger number.
  std::vector<int> of;

  // Whether every component is a single vertex.
  bool AreSingletons() const { return count == static_cast<int>(of.size()); }
  // The vertices of each component, ascending.
  std::vector<std::vector<int>> Members() const;
};

// The strongly connected components; O(vertices + edges).
Components StronglyConnectedComponents(int num_vertices, const EdgeList& edges);

// [num_vertices]: which vertices can be reached from any of the sources, themselves included.
std::vector<bool> Reachable(int num_vertices, const EdgeList& edges,
                            const std::vector<int>& sources);

}  // namespace raspc
