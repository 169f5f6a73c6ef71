/** How MariaDB is spoken to: text is sorted by its bytes, and what changes tables may be said again. */
import {
  type AddColumnNode,
  type CreateIndexNode,
  type CreateTableNode,
  type DataTypeNode,
  type DropColumnNode,
  type DropTableNode,
  MysqlQueryCompiler,
  type OrderByItemNode,
} from 'kysely';

/**
 * A change of tables is committed by itself here: a migration that was killed is done again from its start, and passes over what it finds done.
 */
export class MariadbCompiler extends MysqlQueryCompiler {
  protected override visitCreateTable(node: CreateTableNode): void {
    super.visitCreateTable({...node, ifNotExists: true});
    this.append(
      ' engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_nopad_bin',
    );
  }

  protected override visitCreateIndex(node: CreateIndexNode): void {
    super.visitCreateIndex({...node, ifNotExists: true});
  }

  protected override visitAddColumn(node: AddColumnNode): void {
    super.visitAddColumn({...node, column: {...node.column, ifNotExists: true}});
  }

  protected override visitDropColumn(node: DropColumnNode): void {
    super.visitDropColumn({...node, ifExists: true});
  }

  protected override visitDropTable(node: DropTableNode): void {
    super.visitDropTable({...node, ifExists: true});
  }

  /** What is empty is the least here anyhow, and there are no words to say it. */
  protected override visitOrderByItem({nulls: _, ...node}: OrderByItemNode): void {
    super.visitOrderByItem(node);
  }

  /** Its TEXT ends after 64 KiB. */
  protected override visitDataType(node: DataTypeNode): void {
    if (node.dataType === 'text') this.append('mediumtext');
    else super.visitDataType(node);
  }
}
