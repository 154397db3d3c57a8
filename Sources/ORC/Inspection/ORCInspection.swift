import HoneyFiles
import HoneyStorage
enum ORCInspection { static func describe(_ file: any ReadableFile) throws -> StructureDescription { .record([]) } }
