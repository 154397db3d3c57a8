import NIOPosix

/// Threads on which a client's calls may wait; shared by all daemons of a process.
enum BlockingThreads {
    private static let pool: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: 16)
        threads.start()
        return threads
    }()

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await pool.runIfActive(body)
    }
}
