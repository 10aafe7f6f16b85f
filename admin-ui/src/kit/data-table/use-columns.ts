import { useLocalStorage } from '@mantine/hooks'
import type { Column } from './types.ts'

/** Which columns of a list are shown: as this browser remembers it, else those that are not optional. */
export function useColumns<Row>(list: string, columns: readonly Column<Row>[]) {
  const [chosen, setChosen] = useLocalStorage<readonly string[] | null>({
    key: `entrepot-columns-${list}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  })
  const isShown = ({ id, isOptional }: Column<Row>) => chosen?.includes(id) ?? !isOptional
  const shown = columns.filter(isShown)
  return {
    // A list whose every column was hidden long ago shows its own again.
    shown: shown.length > 0 ? shown : columns.filter(({ isOptional }) => !isOptional),
    choices: columns.map((column) => ({ id: column.id, label: column.label, isShown: isShown(column) })),
    toggle: (id: string, isOn: boolean) =>
      setChosen(
        columns.filter((column) => (column.id === id ? isOn : isShown(column))).map((column) => column.id),
      ),
    choose: (ids: readonly string[] | null) => setChosen(ids),
  }
}
