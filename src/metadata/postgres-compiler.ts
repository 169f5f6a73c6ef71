/** How PostgreSQL is spoken to: text is sorted by its bytes, whatever the language of the database is. */
import {type DataTypeNode, PostgresQueryCompiler} from 'kysely';

export class PostgresCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    const isText = node.dataType === 'text' || node.dataType.startsWith('varchar');
    if (isText && this.parentNode?.kind === 'ColumnDefinitionNode') this.append(' collate "C"');
  }
}
