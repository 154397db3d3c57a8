import Glibc

/// Lets one thread wait for sockets or for another thread.
final class WakePipe: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Without a pipe, when the process has no descriptors left, waits end by their time.
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        if reading >= 0 { close(reading) }
        if writing >= 0 { close(writing) }
    }

    /// Ends the other thread's wait, or its next one.
    func signal() {
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    /// Waits for `signal`, at most so long.
    func wait(milliseconds: Int32 = 1_000) {
        var waited = [pollfd(fd: reading, events: Int16(POLLIN), revents: 0)]
        poll(&waited, 1, milliseconds)
        takeSignals()
    }

    /// Waits for `signal` or until the other side of a connection, from which nothing else comes, has closed it.
    func wait(forEnd connection: Int32) {
        var waited = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: connection, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&waited, 2, -1) < 0, errno == EINTR {}
        takeSignals()
    }

    private func takeSignals() {
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while read(reading, &bytes, bytes.count) > 0 {}
    }
}
