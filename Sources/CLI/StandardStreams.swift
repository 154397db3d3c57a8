import Foundation
import HoneyCore

/// Standard input and standard error, either of which may be closed, full or something that cannot be read.
enum StandardStreams {
    /// Says something on standard error; what nobody can hear is lost, and nothing else.
    static func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Waits for the next bytes of standard input; empty at its end.
    static func read(atMost limit: Int = 1 << 16) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while true {
                let taken = Foundation.read(STDIN_FILENO, buffer.baseAddress, limit)
                if taken < 0, errno == EINTR { continue }
                guard taken >= 0 else {
                    throw HoneyError(
                        .environment, "INPUT_FAILED",
                        "standard input cannot be read: \(String(cString: strerror(errno)))")
                }
                count = taken
                return
            }
        }
    }
}
