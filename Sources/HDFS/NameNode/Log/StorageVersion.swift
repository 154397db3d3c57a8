import HoneyCore
import HoneyWorld
import NIOCore

/// Who a name space is: the file `current/VERSION` of each of its directories, in Hadoop's format of lines `key=value`.
package struct StorageVersion: Hashable, Sendable {
    package var namespaceID: UInt32
    package var clusterID: String
    package var blockPoolID: String
    /// When the name space was made or upgraded, as Hadoop counts it; 0 for a new one.
    package var creationTime: UInt64

    /// Makes one for a new name space.
    init(formattedAt wallMilliseconds: Int, host: String, random: inout SeededRandom) {
        namespaceID = UInt32.random(in: 1...0x7FFF_FFFF, using: &random)
        let parts = [random.next(), random.next()].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        clusterID = "CID-" + parts.joined(separator: "-")
        blockPoolID = "BP-\(namespaceID)-\(host)-\(wallMilliseconds)"
        creationTime = 0
    }

    init(namespaceID: UInt32, clusterID: String, blockPoolID: String, creationTime: UInt64) {
        self.namespaceID = namespaceID
        self.clusterID = clusterID
        self.blockPoolID = blockPoolID
        self.creationTime = creationTime
    }

    init(parsing text: String, path: String) throws {
        var values: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals]] = line[line.index(after: equals)...]
        }
        guard let namespace = values["namespaceID"].flatMap({ UInt32($0) }), let cluster = values["clusterID"],
            let pool = values["blockpoolID"], let time = values["cTime"].flatMap({ UInt64($0) })
        else { throw HoneyError.damaged("version file lacks an entry", path: path) }
        self.init(namespaceID: namespace, clusterID: String(cluster), blockPoolID: String(pool), creationTime: time)
    }

    /// By what DataNodes and other NameNodes know it.
    var identity: NamespaceIdentity {
        NamespaceIdentity(namespaceID: namespaceID, clusterID: clusterID, creationMilliseconds: creationTime)
    }

    var text: String {
        "namespaceID=\(namespaceID)\nclusterID=\(clusterID)\ncTime=\(creationTime)\nstorageType=NAME_NODE\n"
            + "blockpoolID=\(blockPoolID)\nlayoutVersion=\(NamespaceIdentity.layoutVersion)\n"
    }
}
