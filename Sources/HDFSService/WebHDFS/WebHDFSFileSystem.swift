import Foundation
import HoneyCore
package import HoneyFiles
import HoneyHDFS
import HoneyWorld
package import NIOCore
import NIOHTTP1
import NIOPosix

/// HDFS over HTTP under the scheme `webhdfs`: files of our own and of real clusters, called from any thread.
///
/// An authority is `host:port` of a NameNode's HTTP.
package final class WebHDFSFileSystem: AdministeredFileSystem {
    package var scheme: String { "webhdfs" }
    package let user: String
    private let defaultAuthority: String
    /// Where connections live; nil for the process's own, whose threads start when there is a connection.
    private let eventLoops: (any EventLoopGroup)?
    private var group: any EventLoopGroup { eventLoops ?? MultiThreadedEventLoopGroup.singleton }

    /// Makes one for a user; `defaultAuthority` serves locations that have none.
    package init(
        user: String = SystemUsers.currentName, defaultAuthority: String = "",
        on eventLoops: (any EventLoopGroup)? = nil
    ) {
        self.user = user
        self.defaultAuthority = defaultAuthority
        self.eventLoops = eventLoops
    }

    package var traits: FileSystemTraits {
        FileSystemTraits(renamesAtomically: true, canAppend: true, blockBytes: 128 << 20)
    }

    package var homeDirectory: FileLocation {
        FileLocation(scheme: scheme, authority: defaultAuthority, path: "/user/\(user)")
    }

    // MARK: Requests

    /// Does an operation that a NameNode does itself; tells its JSON, which is empty for an empty answer.
    @discardableResult
    func ask(
        _ method: HTTPMethod, _ operation: String, _ location: FileLocation, _ parameters: [(String, String)] = []
    ) throws -> JSONValue {
        let exchange = try HTTPExchange(method, try place(operation, location, parameters), on: group)
        let head = try exchange.finish()
        let body = try exchange.readAll()
        guard (200..<300).contains(head.status.code) else { throw failure(head, body, location) }
        return body.readableBytes == 0 ? [:] : try JSONValue(document: body)
    }

    /// Begins an operation that a DataNode does: asks the NameNode which one, and connects there.
    func begin(
        _ method: HTTPMethod, _ operation: String, _ location: FileLocation, _ parameters: [(String, String)] = [],
        body: HTTPExchange.Body = .none
    ) throws -> HTTPExchange {
        let exchange = try HTTPExchange(method, try place(operation, location, parameters), on: group)
        let head = try exchange.finish()
        guard head.status == .temporaryRedirect, let target = head.headers.first(name: "Location"),
            let place = Self.place(of: target)
        else { throw failure(head, try exchange.readAll(), location) }
        return try HTTPExchange(method, place, body: body, on: group)
    }

    private func place(
        _ operation: String, _ location: FileLocation, _ parameters: [(String, String)]
    ) throws -> HTTPExchange.Place {
        guard !location.path.utf8.contains(0) else {
            throw Self.failure("IO_ERROR", "a path may not hold a zero byte", location)
        }
        let authority = location.authority.isEmpty ? defaultAuthority : location.authority
        guard
            case .some(.tcp(let host, let port)) = try? HadoopConfiguration.address(
                authority, port: HadoopConfiguration.namenodeHTTPPort, of: "webhdfs")
        else { throw Self.failure("INVALID_PATH", "location names no host", location) }
        var target = WebHDFSCall.prefix + location.path.pathEncoded + "?op=\(operation)&user.name=\(user.queryEncoded)"
        for (name, value) in parameters { target += "&\(name)=\(value.queryEncoded)" }
        return HTTPExchange.Place(host: host, port: port, target: target)
    }

    /// Reads a URL such as `http://host:9864/webhdfs/v1/a?op=OPEN`, which stays encoded as it is.
    private static func place(of url: String) -> HTTPExchange.Place? {
        let prefix = "http://"
        guard url.lowercased().hasPrefix(prefix) else { return nil }
        let rest = url.dropFirst(prefix.count)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        guard
            case .some(.tcp(let host, let port)) = try? HadoopConfiguration.address(
                String(rest[..<end]), port: 80, of: "Location")
        else { return nil }
        return HTTPExchange.Place(host: host, port: port, target: end == rest.endIndex ? "/" : String(rest[end...]))
    }

    /// Makes an error of an answer that is none.
    func failure(_ head: HTTPResponseHead, _ body: ByteBuffer, _ location: FileLocation) -> HoneyError {
        let place = FilePosition(location.description)
        guard let error = try? JSONValue(document: body)["RemoteException"],
            let name = (error["javaClassName"] ?? error["exception"])?.text
        else {
            return HoneyError(
                .environment, "IO_ERROR", "server answered \(head.status.code) \(head.status.reasonPhrase)", file: place
            )
        }
        return RemoteException(name, error["message"]?.text ?? name).honeyError(file: place)
    }

    static func failure(_ code: String, _ message: String, _ location: FileLocation) -> HoneyError {
        HoneyError(.environment, code, message, file: FilePosition(location.description))
    }

    /// Takes what must be there out of an answer.
    func require<Value>(_ value: Value?, _ location: FileLocation) throws -> Value {
        guard let value else { throw Self.failure("IO_ERROR", "answer is not what was asked for", location) }
        return value
    }

    // MARK: Files

    package func open(_ location: FileLocation) throws -> any ReadableFile {
        guard let status = try status(location) else {
            throw Self.failure("FILE_NOT_FOUND", "cannot open: no such file or directory", location)
        }
        guard !status.isDirectory else { throw Self.failure("NOT_A_FILE", "cannot open: is a directory", location) }
        return WebHDFSReadableFile(location, size: status.size, self)
    }

    package func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        try create(location, overwrite: overwrite, settings: [:])
    }

    package func create(
        _ location: FileLocation, overwrite: Bool, settings: [String: String]
    ) throws -> any WritableFile {
        let creation = try FileCreation(overwrites: overwrite, settings: settings)
        if let status = try status(location) {
            guard !status.isDirectory else { throw Self.failure("NOT_A_FILE", "is a directory", location) }
            guard overwrite else { throw Self.failure("FILE_EXISTS", "cannot create: file exists", location) }
        }
        var parameters = [("overwrite", "\(overwrite)"), ("permission", "644")]
        if let replication = creation.replication { parameters.append(("replication", "\(replication)")) }
        if let bytes = creation.blockBytes { parameters.append(("blocksize", "\(bytes)")) }
        let exchange = try begin(.PUT, "CREATE", location, parameters, body: .chunked)
        return WebHDFSWritableFile(location, size: 0, exchange, self)
    }

    package func append(_ location: FileLocation) throws -> any WritableFile {
        guard let status = try status(location) else {
            throw Self.failure("FILE_NOT_FOUND", "cannot append: no such file or directory", location)
        }
        guard !status.isDirectory else { throw Self.failure("NOT_A_FILE", "is a directory", location) }
        let exchange = try begin(.POST, "APPEND", location, body: .chunked)
        return WebHDFSWritableFile(location, size: status.size, exchange, self)
    }

    package func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        guard range.lowerBound >= 0, !range.isEmpty else { return [] }
        let answer = try ask(
            .GET, "GET_BLOCK_LOCATIONS", location,
            [("offset", "\(range.lowerBound)"), ("length", "\(range.count)")])
        return try require(answer["LocatedBlocks"]?["locatedBlocks"]?.array, location).compactMap { block in
            let start = try require(block["startOffset"]?.int, location)
            let size = try require(block["block"]?["numBytes"]?.int, location)
            guard start >= 0, size >= 0, size <= Int.max - start else { return nil }
            let held = (start..<start + size).clamped(to: range)
            let hosts = block["locations"]?.array?.compactMap { $0["hostName"]?.text } ?? []
            return held.isEmpty ? nil : BlockLocation(range: held, hosts: hosts)
        }
    }
}
