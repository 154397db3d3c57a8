import Dispatch
import HoneyCore
package import HoneyFiles
import Synchronization

/// A file of HDFS that is written at its end.
package final class HDFSWritableFile: WritableFile {
    package let location: FileLocation
    package private(set) var size: Int
    private let client: BlockingClient
    private let writer: FileWriter
    private let gate: WriteGate
    private var maker: PacketMaker
    private var isClosed = false

    init(_ location: FileLocation, _ writer: FileWriter, _ gate: WriteGate, packetBytes: Int, _ client: BlockingClient)
    {
        self.location = location
        self.writer = writer
        self.client = client
        self.gate = gate
        size = writer.appended.size
        maker = PacketMaker(
            blockBytes: writer.blockBytes, packetBytes: packetBytes, offset: writer.appended.inBlock)
    }

    /// Ends a file that nobody can end any more with what was written, so that its lease keeps nobody from it.
    deinit {
        guard !isClosed else { return }
        var rest: [OutgoingPacket] = []
        maker.finish { rest.append($0) }
        client.perform { [writer, rest, client] _ in
            writer.write(rest)
            // The client stays until the file is closed.
            writer.close { _ in _ = client }
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try checkOpen()
        try locatingErrors { try maker.append(bytes) { try hand($0) } }
        size += bytes.count
    }

    private func checkOpen() throws {
        guard isClosed else { return }
        throw HoneyError(
            .environment, "IO_ERROR", "cannot write: file is closed", file: FilePosition(location.description))
    }

    private func locatingErrors(_ body: () throws -> Void) throws {
        do { try body() } catch { throw HDFSFileSystem.located(error, at: location) }
    }

    /// Gives a packet to the writer, once there is room for it.
    private func hand(_ packet: OutgoingPacket) throws {
        try gate.enter()
        client.perform { [writer] _ in writer.write([packet]) }
    }

    /// Waits until readers can see all that was written; with `sync` until it is durable too, as far as the block being written.
    package func flush(sync: Bool = false) throws {
        try checkOpen()
        try locatingErrors {
            try maker.flush(sync: sync) { try hand($0) }
            try client.wait { [writer] _, done in writer.flush(completion: done) }
        }
    }

    package func close() throws {
        guard !isClosed else { return }
        isClosed = true
        do {
            try maker.finish { try hand($0) }
            try client.wait { [writer] _, done in writer.close(completion: done) }
        } catch {
            client.perform { [writer] _ in writer.abandon() }
            throw HDFSFileSystem.located(error, at: location)
        }
    }
}

/// Lets so many packets through and no more until some were acknowledged.
final class WriteGate: Sendable {
    private struct State {
        var inside = 0
        var isWaiting = false
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Waits for room; fails when the writer has.
    func enter() throws {
        while true {
            let hasEntered = try state.withLock { state in
                if let failure = state.failure { throw failure }
                if state.inside >= limit {
                    state.isWaiting = true
                    return false
                }
                state.inside += 1
                return true
            }
            if hasEntered { return }
            semaphore.wait()
        }
    }

    func release(_ count: Int) { change { $0.inside -= count } }

    func fail(_ error: any Error) { change { $0.failure = error } }

    private func change(_ body: (inout State) -> Void) {
        let wakes = state.withLock { state in
            body(&state)
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if wakes { semaphore.signal() }
    }
}
