import HoneyHDFSMessages
import SwiftProtobuf

/// The storage policies Hadoop knows by default; DataNodes here have disks, so that HOT is what counts.
struct StoragePolicy {
    let id: UInt8
    let name: String
    let creation: [WireStorageType]
    let creationFallback: [WireStorageType]
    let replicationFallback: [WireStorageType]

    static let hot = StoragePolicy(7, "HOT", [.disk], [], [.archive])

    static let all = [
        StoragePolicy(15, "LAZY_PERSIST", [.ramDisk, .disk], [.disk], [.disk]),
        StoragePolicy(14, "ALL_NVDIMM", [.nvdimm], [.disk], [.disk]),
        StoragePolicy(12, "ALL_SSD", [.ssd], [.disk], [.disk]),
        StoragePolicy(10, "ONE_SSD", [.ssd, .disk], [.ssd, .disk], [.ssd, .disk]),
        hot,
        StoragePolicy(5, "WARM", [.disk, .archive], [.disk, .archive], [.disk, .archive]),
        StoragePolicy(2, "COLD", [.archive], [], []),
        StoragePolicy(1, "PROVIDED", [.provided, .disk], [.provided, .disk], [.provided, .disk]),
    ]

    private init(
        _ id: UInt8, _ name: String, _ creation: [WireStorageType], _ creationFallback: [WireStorageType],
        _ replicationFallback: [WireStorageType]
    ) {
        self.id = id
        self.name = name
        self.creation = creation
        self.creationFallback = creationFallback
        self.replicationFallback = replicationFallback
    }

    static func named(_ name: String) -> StoragePolicy? { all.first { $0.name == name.uppercased() } }
    static func numbered(_ id: Int) -> StoragePolicy? { all.first { Int($0.id) == id } }

    var message: WireBlockStoragePolicy {
        .with {
            $0.policyID = UInt32(id)
            $0.name = name
            $0.creationPolicy.storageTypes = creation
            $0.creationFallbackPolicy.storageTypes = creationFallback
            $0.replicationFallbackPolicy.storageTypes = replicationFallback
        }
    }
}
