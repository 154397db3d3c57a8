import Dispatch
import NIOCore
import Synchronization

/// Hands the bytes of a stream from its event loop to the thread that reads them.
final class StreamBuffer: StreamSink, Sendable {
    private struct State {
        var chunks = CircularBuffer<ByteBuffer>()
        var bytes = 0
        var isWaiting = false
        var isPaused = false
        var hasEnded = false
        var error: (any Error)?
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)
    /// With so many bytes the stream is stopped, and let go on when few of them are left.
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func received(_ bytes: ByteBuffer) -> Bool {
        let (wakes, goesOn) = state.withLock { state in
            state.chunks.append(bytes)
            state.bytes += bytes.readableBytes
            state.isPaused = state.bytes >= capacity
            defer { state.isWaiting = false }
            return (state.isWaiting, !state.isPaused)
        }
        if wakes { semaphore.signal() }
        return goesOn
    }

    func ended(_ error: (any Error)?) {
        let wakes = state.withLock { state in
            state.hasEnded = true
            state.error = error
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if wakes { semaphore.signal() }
    }

    /// Takes up to `count` bytes, waiting for the first; none at the end. `resumes` says that the stream is to go on.
    func take(upTo count: Int) throws -> (bytes: ByteBuffer?, resumes: Bool) {
        while true {
            let taken: (bytes: ByteBuffer?, resumes: Bool)? = try state.withLock { state in
                if state.chunks.isEmpty {
                    if let error = state.error { throw error }
                    if state.hasEnded { return (nil, false) }
                    state.isWaiting = true
                    return nil
                }
                let bytes = state.chunks[state.chunks.startIndex].readSlice(
                    length: min(count, state.chunks[state.chunks.startIndex].readableBytes))!
                if state.chunks[state.chunks.startIndex].readableBytes == 0 { state.chunks.removeFirst() }
                state.bytes -= bytes.readableBytes
                let resumes = state.isPaused && state.bytes <= capacity / 4
                if resumes { state.isPaused = false }
                return (bytes, resumes)
            }
            if let taken { return taken }
            semaphore.wait()
        }
    }
}
