import HoneyCore
package import HoneyFiles
import HoneyHDFSMessages
import SwiftProtobuf

/// Changing files as wholes, and comparing them.
extension HDFSFileSystem {
    /// Cuts a file short; when a block must be cut, its DataNodes do that after the call has returned, and it returns false.
    package func truncate(_ location: FileLocation, to size: Int) throws -> Bool {
        let name = try client(location).wait { client, done in client.later { done(.success(client.name)) } }
        let response: WireTruncateResponse = try ask(
            "truncate",
            WireTruncateRequest.with {
                $0.src = location.path
                $0.newLength = UInt64(bitPattern: Int64(size))
                $0.clientName = name
            }, at: location)
        return response.result
    }

    /// Tells whether nobody writes a file and no block of it is being recovered, as after a truncation has come to its end.
    package func isClosed(_ location: FileLocation) throws -> Bool {
        let response: WireIsFileClosedResponse = try ask(
            "isFileClosed", WireIsFileClosedRequest.with { $0.src = location.path }, at: location)
        return response.result
    }

    package func concatenate(_ sources: [FileLocation], onto target: FileLocation) throws {
        let _: WireConcatResponse = try ask(
            "concat",
            WireConcatRequest.with {
                $0.trg = target.path
                $0.srcs = sources.map(\.path)
            }, at: target)
    }

    package func checksum(_ location: FileLocation) throws -> FileChecksum? {
        do {
            return try client(location).wait { client, done in client.checksum(of: location.path, completion: done) }
        } catch {
            throw Self.located(error, at: location)
        }
    }
}
