import HTTPTypes
import HoneyCore
import HoneyFiles
import HoneyHDFS
import HummingbirdCore
import NIOCore

/// WebHDFS of a DataNode: bytes in and out, by a client of HDFS that acts as the user of each request.
struct WebHDFSDataNode: Sendable {
    let fileSystems: UserFileSystems
    /// Bytes read or written by one call.
    private static let pieceBytes = 1 << 20

    func answer(_ request: Request, from host: String) async -> Response {
        do {
            let call = try WebHDFSCall(request, from: host)
            switch (call.method, call.operation) {
            case ("GET", "OPEN"), ("HEAD", "OPEN"): return try await open(call)
            case ("GET", "GETFILECHECKSUM"): return try await checksum(call)
            case ("PUT", "CREATE"): return try await create(call, Body(request))
            case ("POST", "APPEND"): return try await append(call, Body(request))
            case ("OPTIONS", _): return Response(status: .ok, headers: [.allow: "GET, HEAD, POST, PUT, OPTIONS"])
            default: throw call.unknownOperation()
            }
        } catch {
            return .refusal(RemoteException(serving: error), isTyped: request.wantsTypedJSON)
        }
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await BlockingThreads.run(body)
    }

    private func open(_ call: WebHDFSCall) async throws -> Response {
        let offset = try call.parameters.int("offset") ?? 0
        let length = try call.parameters.int("length") ?? .max
        let (fileSystem, location) = try fileSystems.place(of: call.path, for: call.user)
        let file = try await blocking { try fileSystem.open(location) }
        guard offset <= file.size else {
            throw RemoteException.inputOutput(
                "Offset=\(offset) out of the range [0, \(file.size)); OPEN, path=\(call.path)")
        }
        let count = min(length, file.size - offset)
        let body = ResponseBody(contentLength: count) { [self] writer in
            var place = offset
            while place < offset + count {
                let start = place
                let wanted = min(Self.pieceBytes, offset + count - place)
                let piece = try await blocking {
                    var buffer = ByteBuffer()
                    try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { bytes in
                        try file.read(at: start, count: wanted, into: bytes.baseAddress!)
                    }
                    return buffer
                }
                guard piece.readableBytes > 0 else { throw ShortFile(path: call.path) }
                place += piece.readableBytes
                try await writer.write(piece)
            }
            try await writer.finish(nil)
            // The file reads by a client that ends with its file system.
            withExtendedLifetime(fileSystem) {}
        }
        return Response(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }

    private func checksum(_ call: WebHDFSCall) async throws -> Response {
        let (fileSystem, location) = try fileSystems.place(of: call.path, for: call.user)
        guard let sum = try await blocking({ try fileSystem.checksum(location) }) else {
            throw RemoteException.unsupported("there is no checksum of \(call.path)")
        }
        let digits = sum.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return .json(
            [
                "FileChecksum": [
                    "algorithm": .text(sum.algorithm), "bytes": .text(digits), "length": .int(sum.bytes.count),
                ]
            ], isTyped: call.isTyped)
    }

    private func create(_ call: WebHDFSCall, _ body: Body) async throws -> Response {
        var creation = FileCreation(overwrites: try call.parameters.bool("overwrite") ?? false)
        creation.makesParents = try call.parameters.bool("createparent") ?? true
        creation.mode = Int(try call.permission() ?? 0o644)
        creation.replication = try call.parameters.int("replication", from: 1)
        creation.blockBytes = try call.parameters.int("blocksize", from: 1)
        let chosen = creation
        let (fileSystem, location) = try fileSystems.place(of: call.path, for: call.user)
        let file = try await blocking { OpenFile(try fileSystem.create(location, chosen)) }
        try await write(body, to: file)
        withExtendedLifetime(fileSystem) {}
        let place = "hdfs://\(fileSystems.authority)\(call.path.pathEncoded)"
        return Response(status: .created, headers: [.location: place])
    }

    private func append(_ call: WebHDFSCall, _ body: Body) async throws -> Response {
        let (fileSystem, location) = try fileSystems.place(of: call.path, for: call.user)
        let file = try await blocking { OpenFile(try fileSystem.append(location)) }
        try await write(body, to: file)
        withExtendedLifetime(fileSystem) {}
        return Response(status: .ok)
    }

    /// Writes a body as it comes. A file whose body does not come to its end is closed with what came, as Hadoop does: its lease
    /// would be kept as long as its user writes anything here.
    private func write(_ body: Body, to file: OpenFile) async throws {
        do {
            var count = 0
            for try await piece in body.bytes {
                count += piece.readableBytes
                try await blocking { try piece.withUnsafeReadableBytes { try file.file.write($0) } }
            }
            // A server that ends, too, ends the bodies that it reads.
            guard !Task.isCancelled, count == body.size ?? count else { throw CutBody() }
        } catch {
            // When the server ends there may be nobody left to close it with.
            if !Task.isCancelled { try? await blocking { try file.file.close() } }
            throw error
        }
        try await blocking { try file.file.close() }
    }

    /// What a request brings.
    private struct Body {
        let bytes: RequestBody
        /// How many bytes its head promises.
        let size: Int?

        init(_ request: Request) {
            bytes = request.body
            size = request.headers[.contentLength].flatMap { Int($0) }
        }
    }

    /// A file handed from thread to thread, used by one at a time.
    private struct OpenFile: @unchecked Sendable {
        let file: any WritableFile

        init(_ file: any WritableFile) { self.file = file }
    }
}

/// A body that ended before its time.
private struct CutBody: Error, CustomStringConvertible {
    var description: String { "the body of the request did not come to its end" }
}

/// A file that ended before the bytes it had when it was opened.
private struct ShortFile: Error {
    var path: String
}
