import HoneyFiles
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

@testable import HoneyHDFS

/// What administrators ask of one name service; calls wait for their answers.
struct ClusterAdministration: Sendable {
    private let fileSystem: HDFSFileSystem
    private let root: FileLocation

    fileprivate init(_ fileSystem: HDFSFileSystem, _ root: FileLocation) {
        self.fileSystem = fileSystem
        self.root = root
    }

    private func ask<Request: Message, Response: Message>(
        _ method: String, _ request: Request, as type: Response.Type = Response.self
    ) throws -> Response {
        try fileSystem.ask(method, request, at: root)
    }

    func datanodes(_ type: WireDatanodeReportType = .all) throws -> [WireDatanodeInfo] {
        let response: WireGetDatanodeReportResponse = try ask(
            "getDatanodeReport", WireGetDatanodeReportRequest.with { $0.type = type })
        return response.di
    }

    func statistics() throws -> WireGetFsStatsResponse { try ask("getFsStats", WireGetFsStatusRequest()) }

    /// Enters, leaves or asks for safe mode; tells whether it is on then.
    @discardableResult
    func safeMode(_ action: WireSafeModeAction) throws -> Bool {
        let response: WireSetSafeModeResponse = try ask(
            "setSafeMode", WireSetSafeModeRequest.with { $0.action = action })
        return response.result
    }

    /// Writes an image of the name space, unless there is one younger than `seconds` or with fewer changes since than `changes`.
    @discardableResult
    func saveNamespace(unlessWithin seconds: Int = 0, changes: Int = 0) throws -> Bool {
        let response: WireSaveNamespaceResponse = try ask(
            "saveNamespace",
            WireSaveNamespaceRequest.with {
                $0.timeWindow = UInt64(clamping: seconds)
                $0.txGap = UInt64(clamping: changes)
            })
        return response.saved
    }

    /// Has the NameNode read the lists of hosts again.
    func refreshNodes() throws {
        let _: WireRefreshNodesResponse = try ask("refreshNodes", WireRefreshNodesRequest())
    }

    /// The files at and below a path that have blocks without a good replica.
    func corruptFiles(below path: String = "/") throws -> [String] {
        var files: [String] = []
        var cookie: String?
        while true {
            let response: WireListCorruptFileBlocksResponse = try ask(
                "listCorruptFileBlocks",
                WireListCorruptFileBlocksRequest.with {
                    $0.path = path
                    if let cookie { $0.cookie = cookie }
                })
            guard !response.corrupt.files.isEmpty, response.corrupt.cookie != cookie else { return files }
            files += response.corrupt.files
            cookie = response.corrupt.cookie
        }
    }

    /// The blocks of a range of a file, with the nodes that have them.
    func blocks(of path: String, range: Range<Int> = 0..<Int.max) throws -> WireLocatedBlocks {
        let response: WireGetBlockLocationsResponse = try ask(
            "getBlockLocations",
            WireGetBlockLocationsRequest.with {
                $0.src = path
                $0.offset = UInt64(clamping: range.lowerBound)
                $0.length = UInt64(clamping: range.count)
            })
        return response.locations
    }
}

extension HDFSFileSystem {
    /// Speaks for the name service of an authority; that of the default one when it is empty.
    func administration(of authority: String = "") -> ClusterAdministration {
        ClusterAdministration(self, FileLocation(scheme: scheme, authority: authority, path: "/"))
    }
}
