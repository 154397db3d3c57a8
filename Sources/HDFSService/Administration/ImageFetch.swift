import Foundation
import HoneyCore
import HoneyHDFS
import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf

/// `dfsadmin -fetchImage`: copies the newest image of the active NameNode, which may serve as a backup.
struct ImageFetch {
    private let context: AdministrationContext
    private let address: NetworkAddress
    private let transaction: UInt64
    private static let pieceBytes = 4 << 20

    static func run(_ context: AdministrationContext, _ arguments: [String]) async throws -> Int32 {
        guard arguments.count == 1 else { throw WrongUsage() }
        let address = try await context.activeNameNode().address
        let newest = try await context.ask(
            at: address, .namenode, "getMostRecentCheckpointTxId", WireGetMostRecentCheckpointTxIdRequest(),
            as: WireGetMostRecentCheckpointTxIdResponse.self)
        let fetch = ImageFetch(context: context, address: address, transaction: newest.txID)
        let path = try fetch.path(in: arguments[0])
        try await fetch.copy(to: path)
        context.say("Fetched the image up to transaction \(newest.txID) to \(path)")
        return 0
    }

    private func path(in directory: String) throws -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw HoneyError(.environment, "NOT_A_DIRECTORY", "no such directory: \(directory)")
        }
        let digits = String(transaction)
        // As in a NameNode's directory.
        return directory + "/fsimage_" + String(repeating: "0", count: max(0, 19 - digits.count)) + digits
    }

    /// Writes under another name until all is there and durable.
    private func copy(to path: String) async throws {
        let draft = path + ".part"
        guard FileManager.default.createFile(atPath: draft, contents: nil),
            let file = FileHandle(forWritingAtPath: draft)
        else { throw HoneyError(.environment, "IO_ERROR", "cannot write \(draft)") }
        do {
            try await copy(to: file)
            try file.synchronize()
            try file.close()
            guard rename(draft, path) == 0 else {
                throw HoneyError(.environment, "IO_ERROR", "cannot rename to \(path)")
            }
        } catch {
            try? file.close()
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }

    private func copy(to file: FileHandle) async throws {
        var size: UInt64 = 0
        while true {
            let offset = size
            let request = WireReadStorageRequest.with {
                $0.kind = .image
                $0.txID = transaction
                $0.offset = offset
                $0.count = UInt32(Self.pieceBytes)
            }
            let piece = try await context.ask(
                at: address, .namenode, "readStorage", request, as: WireReadStorageResponse.self)
            try file.write(contentsOf: piece.bytes)
            size += UInt64(piece.bytes.count)
            if size >= piece.fileBytes { return }
            guard !piece.bytes.isEmpty else {
                throw HoneyError(.environment, "IO_ERROR", "NameNode sends no more of its image at byte \(size)")
            }
        }
    }
}
