// Passes graphs in compressed sparse row form to Boost.Graph.
#include "automata/graph.h"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/pending/queue.hpp>

namespace raspc {
namespace {

using Graph = boost::compressed_sparse_row_graph<boost::directedS>;

Graph MakeGraph(int num_vertices, const EdgeList& edges) {
  return Graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
               static_cast<std::size_t>(num_vertices));
}

}  // namespace

std::vector<std::vector<int>> Components::Members() const {
  std::vector<std::vector<int>> members(static_cast<std::size_t>(count));
  for (int v = 0; v < static_cast<int>(of.size()); ++v) members[of[v]].push_back(v);
  return members;
}

Components StronglyConnectedComponents(int num_vertices, const EdgeList& edges) {
  const Graph graph = MakeGraph(num_vertices, edges);
  Components components;
  components.of.resize(static_cast<std::size_t>(num_vertices));
  const auto index = boost::get(boost::vertex_index, graph);
  // Tarjan's numbers: a component gets its number once all that it reaches have theirs.
  components.count = boost::strong_components(
      graph, boost::make_iterator_property_map(components.of.begin(), index));
  return components;
}

std::vector<bool> Reachable(int num_vertices, const EdgeList& edges,
                            const std::vector<int>& sources) {
  const Graph graph = MakeGraph(num_vertices, edges);
  std::vector<boost::default_color_type> colors(static_cast<std::size_t>(num_vertices));
  const auto color =
      boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, graph));
  std::vector<Graph::vertex_descriptor> starts(sources.begin(), sources.end());
  boost::queue<Graph::vertex_descriptor> queue;
  boost::breadth_first_visit(graph, starts.begin(), starts.end(), queue,
                             boost::default_bfs_visitor(), color);
  std::vector<bool> reached;
  for (const auto c : colors) reached.push_back(c != boost::white_color);
  return reached;
}

}  // namespace raspc
