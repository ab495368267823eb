// Memory that each thread keeps back for when there is none left.
//
// Some destructors allocate, those of the JSON library for one, and an exception out of a
// destructor ends the process. So a thread that finds no memory first gets a little of its own
// back, and once more while an exception is on its way to whoever handles it.
#pragma once

namespace raspc {

// Has operator new fall back on the reserves of the thread that calls it, and makes do with little
// address space where that is limited; for the whole process, before it has other threads.
void UseMemoryReserves();

// While one is in scope its thread has a reserve. Making one, inside another too, fills up what was
// used; it throws bad_alloc where there is no memory for that, as what comes next could not fail
// safely.
class MemoryReserve {
 public:
  MemoryReserve();
  ~MemoryReserve();
  MemoryReserve(const MemoryReserve&) = delete;
  MemoryReserve& operator=(const MemoryReserve&) = delete;
};

}  // namespace raspc
