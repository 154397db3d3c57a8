// Simulated is a world that one seed decides: time passes only from one event to the next, connections are as slow and as broken as they are
// told to be, and disks keep after a loss of power what a real one might. It runs the same machines as `Real/`, on one thread.
//
// `SimulatedWorld` holds time and what is going to happen, `SimulatedHost` a computer with its clock and disks, `SimulatedProcess` a machine
// running on it, `SimulatedNetwork` and `SimulatedEnd` what is between them, `Disks/` the disks.

/// What is going to happen, by time and, at the same time, in the order of asking.
struct EventQueue {
    private struct Entry {
        var time: Int
        var order: Int
        var work: () -> Void

        func comesBefore(_ other: Entry) -> Bool { time != other.time ? time < other.time : order < other.order }
    }

    /// A heap: each entry comes before its two children.
    private var heap: [Entry] = []
    private var nextOrder = 0

    var isEmpty: Bool { heap.isEmpty }
    /// When the next event happens; nil when none will.
    var nextTime: Int? { heap.first?.time }

    mutating func insert(at time: Int, _ work: @escaping () -> Void) {
        heap.append(Entry(time: time, order: nextOrder, work: work))
        nextOrder += 1
        var place = heap.count - 1
        while place > 0, heap[place].comesBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() -> () -> Void {
        heap.swapAt(0, heap.count - 1)
        let entry = heap.removeLast()
        var place = 0
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if heap[child].comesBefore(heap[first]) { first = child }
            }
            if first == place { return entry.work }
            heap.swapAt(place, first)
            place = first
        }
    }
}
