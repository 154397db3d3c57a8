import HoneyCore
import HoneyExecution
import Synchronization

/// A bounded queue of batches between instances of two fragments, in one process: batches pass by reference.
final class BatchQueue: Sendable {
    private struct State {
        var batches: [Batch] = []
        /// Index of the first batch not yet taken.
        var head = 0
        var producers: Int
        var isClosed = false
        var waitingForData: [@Sendable () -> Void] = []
        var waitingForRoom: [@Sendable () -> Void] = []

        var held: Int { batches.count - head }
        var hasData: Bool { held > 0 || producers == 0 || isClosed }
        func hasRoom(_ capacity: Int) -> Bool { held < capacity || isClosed }
    }

    enum Taken {
        case batch(Batch)
        /// Nothing yet.
        case empty
        case ended
    }

    private let state: Mutex<State>
    private let capacity: Int
    private let memory: MemoryTracker

    init(producers: Int, capacity: Int, memory: MemoryTracker) {
        state = Mutex(State(producers: producers))
        self.capacity = capacity
        self.memory = memory
    }

    deinit { close() }

    /// Adds a batch; false when the queue is full. A closed queue takes and forgets everything.
    func push(_ batch: Batch) throws -> Bool {
        let bytes = batch.memoryBytes
        try memory.reserve(bytes, for: "EXCHANGE")
        let (isTaken, wakes) = state.withLock { state -> (Bool, [@Sendable () -> Void]) in
            guard state.hasRoom(capacity) else { return (false, []) }
            guard !state.isClosed else {
                memory.release(bytes)
                return (true, [])
            }
            state.batches.append(batch)
            defer { state.waitingForData = [] }
            return (true, state.waitingForData)
        }
        if !isTaken { memory.release(bytes) }
        for wake in wakes { wake() }
        return isTaken
    }

    func take() -> Taken {
        let (taken, wakes) = state.withLock { state -> (Taken, [@Sendable () -> Void]) in
            guard state.held > 0 else { return (state.producers == 0 || state.isClosed ? .ended : .empty, []) }
            let batch = state.batches[state.head]
            state.head += 1
            if state.head >= 32 || state.head == state.batches.count {
                state.batches.removeFirst(state.head)
                state.head = 0
            }
            defer { state.waitingForRoom = [] }
            return (.batch(batch), state.waitingForRoom)
        }
        if case .batch(let batch) = taken { memory.release(batch.memoryBytes) }
        for wake in wakes { wake() }
        return taken
    }

    /// Says that one producer has no more.
    func producerEnded() {
        let wakes = state.withLock { state -> [@Sendable () -> Void] in
            state.producers -= 1
            guard state.producers == 0 else { return [] }
            defer { state.waitingForData = [] }
            return state.waitingForData
        }
        for wake in wakes { wake() }
    }

    /// Says that no one takes any more.
    func close() {
        let (wakes, dropped) = state.withLock { state -> ([@Sendable () -> Void], ArraySlice<Batch>) in
            let wakes = state.waitingForRoom + state.waitingForData
            let dropped = state.batches[state.head...]
            state.isClosed = true
            state.batches = []
            state.head = 0
            state.waitingForRoom = []
            state.waitingForData = []
            return (wakes, dropped)
        }
        memory.release(dropped.reduce(0) { $0 + $1.memoryBytes })
        for wake in wakes { wake() }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var dataEvent: any Event { DataEvent(queue: self) }
    var roomEvent: any Event { RoomEvent(queue: self) }

    private final class DataEvent: Event {
        let queue: BatchQueue
        init(queue: BatchQueue) { self.queue = queue }
        func notify(_ wake: @escaping @Sendable () -> Void) -> Bool {
            queue.state.withLock { state in
                if state.hasData { return false }
                state.waitingForData.append(wake)
                return true
            }
        }
    }

    private final class RoomEvent: Event {
        let queue: BatchQueue
        init(queue: BatchQueue) { self.queue = queue }
        func notify(_ wake: @escaping @Sendable () -> Void) -> Bool {
            queue.state.withLock { state in
                if state.hasRoom(queue.capacity) { return false }
                state.waitingForRoom.append(wake)
                return true
            }
        }
    }
}

extension Batch {
    /// Bytes that its columns hold themselves.
    var memoryBytes: Int { columns.reduce(0) { $0 + $1.memoryBytes } }
}
