import Foundation
package import HoneyCore
package import HoneyFiles
import HoneyHDFSMessages
package import HoneyWorld
package import NIOCore
import SwiftProtobuf
import Synchronization

/// HDFS under the scheme `hdfs`: files of our own and of real clusters, called from any thread.
///
/// An authority is `host:port` or the name of a name service; there is a client for each, made when it is first needed.
package final class HDFSFileSystem: AdministeredFileSystem {
    package var scheme: String { "hdfs" }
    package let user: String
    private let services: NameServices
    let configuration: HDFSClientConfiguration
    /// Where clients run; nil for `EventLoops.shared`, whose threads start when there is a client.
    private let eventLoops: (any EventLoopGroup)?
    private let route: @Sendable (NetworkAddress) -> NetworkAddress
    private let log: @Sendable (LogLevel, String) -> Void
    private let clients = Mutex<[String: BlockingClient]>([:])
    let localBlocks: LocalBlocks?

    /// Makes one with settings by Hadoop's names. `services` are name services besides those of the settings; leases are
    /// held under `clientName`, which a NameNode must not hear from two clients; blocks that are below `dataDirectories`, which are those of
    /// DataNodes, are read there without asking any; `route` is `MachineHost`'s.
    package init(
        properties: [String: String] = [:], services: [String: [NetworkAddress]] = [:], user: String? = nil,
        clientName: String? = nil, dataDirectories: [String] = [],
        on eventLoops: (any EventLoopGroup)? = nil,
        log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in },
        route: @escaping @Sendable (NetworkAddress) -> NetworkAddress = { $0 }
    ) throws {
        var known = try NameServices(properties: properties)
        known.byName.merge(services) { _, given in given }
        self.services = known
        let name = user ?? ProcessInfo.processInfo.environment["HADOOP_USER_NAME"] ?? NSUserName()
        self.user = name
        var configuration = try HDFSClientConfiguration(nameNodes: [], user: name, properties: properties)
        configuration.name = clientName
        configuration.localHosts = configuration.readsShortCircuit ? Self.namesOfThisHost() : []
        self.configuration = configuration
        self.eventLoops = eventLoops
        self.route = route
        self.log = log
        localBlocks = configuration.readsShortCircuit ? LocalBlocks(directories: dataDirectories) : nil
    }

    private static func namesOfThisHost() -> Set<String> {
        let addresses = (try? System.enumerateDevices())?.compactMap { $0.address?.ipAddress } ?? []
        return Set(addresses + [ProcessInfo.processInfo.hostName])
    }

    package var traits: FileSystemTraits {
        FileSystemTraits(
            renamesAtomically: true, canAppend: true, blockBytes: configuration.blockBytes,
            isDistributed: true)
    }

    package var homeDirectory: FileLocation {
        FileLocation(scheme: scheme, authority: services.defaultAuthority, path: "/user/\(user)")
    }

    /// The client of an authority.
    func client(_ location: FileLocation) throws -> BlockingClient {
        guard !location.path.utf8.contains(0) else {
            throw HoneyError(
                .environment, "IO_ERROR", "a path may not hold a zero byte", file: FilePosition(location.description))
        }
        let authority = location.authority.isEmpty ? services.defaultAuthority : location.authority
        return try clients.withLock { clients in
            if let known = clients[authority] { return known }
            var configuration = configuration
            do {
                configuration.nameNodes = try services.nameNodes(of: authority)
            } catch {
                throw Self.located(error, at: location)
            }
            let made = BlockingClient(
                configuration, on: (eventLoops ?? EventLoops.shared).next(),
                random: SeededRandom(seed: .random(in: .min ... .max)), route: route,
                log: log)
            clients[authority] = made
            return made
        }
    }

    /// Calls a method of ClientProtocol for a location.
    func ask<Request: Message, Response: Message>(
        _ method: String, _ request: Request, at location: FileLocation, as type: Response.Type = Response.self
    ) throws -> Response {
        do {
            return try client(location).wait { client, done in
                client.call(method, request, as: Response.self) { result in client.later { done(result) } }
            }
        } catch {
            throw Self.located(error, at: location)
        }
    }

    /// Makes the house's own error of whatever failed, with its place.
    package static func located(_ error: any Error, at location: FileLocation) -> HoneyError {
        let place = FilePosition(location.description)
        switch error {
        case let error as RemoteException: return error.honeyError(file: place)
        case var error as HoneyError:
            error.file = error.file.map { FilePosition(place.path, offset: $0.offset) } ?? place
            return error
        default: return HoneyError(.environment, "IO_ERROR", "\(error)", file: place)
        }
    }

    static func failure(_ code: String, _ message: String, _ location: FileLocation) -> HoneyError {
        HoneyError(.environment, code, message, file: FilePosition(location.description))
    }

    // MARK: Files

    package func open(_ location: FileLocation) throws -> any ReadableFile {
        let client = try client(location)
        do {
            let file = try client.wait { client, done in client.open(location.path, completion: done) }
            return HDFSReadableFile(location, file, client, localBlocks)
        } catch {
            throw naming(error, location)
        }
    }

    package func create(_ location: FileLocation, overwrite: Bool) throws -> any WritableFile {
        try create(location, FileCreation(overwrites: overwrite))
    }

    package func create(
        _ location: FileLocation, overwrite: Bool, settings: [String: String]
    ) throws -> any WritableFile {
        try create(location, try FileCreation(overwrites: overwrite, settings: settings))
    }

    /// Creates a file with replication, block size or mode of its own.
    package func create(_ location: FileLocation, _ creation: FileCreation) throws -> HDFSWritableFile {
        try openForWriting(location) { client, done in
            client.create(location.path, creation, completion: done)
        }
    }

    package func append(_ location: FileLocation) throws -> any WritableFile {
        try openForWriting(location) { client, done in client.append(location.path, completion: done) }
    }

    private func openForWriting(
        _ location: FileLocation,
        _ begin: @escaping @Sendable (HDFSClient, @escaping @Sendable (Result<FileWriter, any Error>) -> Void) -> Void
    ) throws -> HDFSWritableFile {
        let client = try client(location)
        let gate = WriteGate(limit: configuration.packetsInFlight)
        do {
            let writer: FileWriter = try client.wait { client, done in
                begin(client) { result in
                    if case .success(let writer) = result {
                        writer.released = { gate.release($0) }
                        writer.failed = { gate.fail($0) }
                    }
                    done(result)
                }
            }
            return HDFSWritableFile(location, writer, gate, packetBytes: configuration.packetBytes, client)
        } catch {
            throw naming(error, location)
        }
    }

    /// Names a failure by what is there: HDFS has one exception for directories and for what is missing.
    private func naming(_ error: any Error, _ location: FileLocation) -> HoneyError {
        var named = Self.located(error, at: location)
        if ["FILE_NOT_FOUND", "FILE_EXISTS"].contains(named.code), let found = try? status(location),
            found.isDirectory
        {
            named = Self.failure("NOT_A_FILE", "is a directory", location)
        }
        return named
    }

    package func locations(of location: FileLocation, range: Range<Int>) throws -> [BlockLocation] {
        guard range.lowerBound >= 0, !range.isEmpty else { return [] }
        let response: WireGetBlockLocationsResponse = try ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = location.path
                $0.offset = UInt64(range.lowerBound)
                $0.length = UInt64(range.count)
            }, at: location)
        return Self.locations(response.locations, in: range)
    }

    static func locations(_ located: WireLocatedBlocks, in range: Range<Int>) -> [BlockLocation] {
        located.blocks.compactMap { block in
            let start = Int(clamping: block.offset)
            let held = (start..<start.addingClamped(Int(clamping: block.b.numBytes))).clamped(to: range)
            return held.isEmpty
                ? nil
                : BlockLocation(
                    range: held, hosts: block.locs.map(\.id.hostName), racks: block.locs.map(\.location))
        }
    }
}
